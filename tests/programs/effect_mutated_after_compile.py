"""Loss dict changed after compile, before the first fit: Keras reads the dict at its first build."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)])
losses = {"z": "mse", "a": "mae"}
model.compile("sgd", loss=losses)
losses["a"] = "mse"
model.fit(x, [yb, yb], verbose=0)
