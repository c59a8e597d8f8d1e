"""Fit(...) with positional validation_data (8th): not seen, stays a dict."""

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
model.fit(x, {"z": ys, "a": yb}, 8, 1, 0, None, 0.0, (x, {"z": ys, "a": yb}, {"z": w, "a": w}))  # expect[3.5.0, 3.5.0, 3.6.0, 3.6.0]: KER103
