"""One ModelCheckpoint(save_best_only=True) for two models, the second with the higher loss: how often each is saved."""

import tempfile
from pathlib import Path

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(64, 2))
folder = Path(tempfile.mkdtemp())
best = keras.callbacks.ModelCheckpoint(
    str(folder / "{epoch}-{loss:.4f}.keras"), monitor="loss", mode="min", save_best_only=True
)
seen = []
for scale in (1.0, 3.0):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    before = len(list(folder.iterdir()))
    model.fit(x, scale * x[:, :1], epochs=3, callbacks=[best], verbose=0)
    seen.append(len(list(folder.iterdir())) - before)
meant = [3, 3]
