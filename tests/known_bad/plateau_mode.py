"""ReduceLROnPlateau(monitor="val_auc") without a mode, while AUC rises: the learning rate after three epochs."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(64, 2))
y = (x[:, :1] > 0).astype("float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.SGD(0.01), "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
model.layers[-1].set_weights([np.array([[-0.05], [1.0]]), np.zeros(1)])
plateau = keras.callbacks.ReduceLROnPlateau(monitor="val_auc", patience=1, factor=0.5, min_delta=0.0)
model.fit(x, y, epochs=3, validation_data=(x, y), callbacks=[plateau], verbose=0)
seen = round(float(np.asarray(model.optimizer.learning_rate)), 4)
meant = 0.01
