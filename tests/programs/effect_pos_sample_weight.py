"""Evaluate(x, y, batch, verbose, sample_weight) with positional sample_weight (5th; 11th of fit)."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(1, name="z")(inp), layers.Dense(3, name="a")(inp)])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101
w = np.ones(8)
model.fit(x, {"z": ys, "a": yb}, verbose=0)  # expect[3.5.0, 3.6.0]: KER103
model.evaluate(x, {"z": ys, "a": yb}, 8, 0, {"z": w, "a": w * 2})  # expect[3.5.0, 3.6.0]: KER103
