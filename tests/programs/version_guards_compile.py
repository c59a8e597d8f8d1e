"""Losses in a list on the releases that lead a dict astray, each form in a call of its own."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
if keras.__version__.startswith(("3.5.", "3.6.")):
    model.compile("sgd", loss=["mse", "mae"])
else:
    model.compile("sgd", loss={"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
