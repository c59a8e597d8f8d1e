"""A model compiled with Huber(delta=0.1), saved and loaded: its loss before and after."""

import tempfile
from pathlib import Path

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")])
model.compile("sgd", keras.losses.Huber(delta=0.1))
path = str(Path(tempfile.mkdtemp()) / "model.keras")
x = np.ones((2, 1), "float32")
meant = round(float(model.evaluate(x, x + 2, verbose=0)), 4)
model.save(path)
seen = round(float(keras.saving.load_model(path).evaluate(x, x + 2, verbose=0)), 4)
