"""Keras.Model.compile is monkeypatched by the program (a usual workaround)."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
original = keras.Model.compile


def compile_in_order(self, *args, loss=None, **kwargs):
    if isinstance(loss, dict):
        loss = [loss[n] for n in self.output_names]
    return original(self, *args, loss=loss, **kwargs)


keras.Model.compile = compile_in_order
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # unseen
model.fit(x, [yb, yb], verbose=0)
del keras.Model.compile
