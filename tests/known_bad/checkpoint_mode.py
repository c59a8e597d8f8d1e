"""ModelCheckpoint(monitor="val_auc", save_best_only=True) without a mode, while AUC rises: the epochs that it saves."""

import tempfile
from pathlib import Path

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(64, 2))
y = (x[:, :1] > 0).astype("float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros")])
model.compile(keras.optimizers.SGD(0.01), "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
model.layers[-1].set_weights([np.array([[-0.05], [1.0]]), np.zeros(1)])
folder = Path(tempfile.mkdtemp())
best = keras.callbacks.ModelCheckpoint(str(folder / "{epoch}.keras"), monitor="val_auc", save_best_only=True)
history = model.fit(x, y, epochs=3, validation_data=(x, y), callbacks=[best], verbose=0).history["val_auc"]
seen = sorted(int(path.stem) for path in folder.iterdir())
meant = [epoch for epoch in (1, 2, 3) if epoch == 1 or history[epoch - 1] > max(history[: epoch - 1])]
