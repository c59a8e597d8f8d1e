"""@functools.singledispatch: always the base function (decorators from elsewhere 'keep the function')."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from functools import singledispatch


@singledispatch
def order(kind):
    return ["z", "a"]


@order.register(str)
def _(kind):
    return ["a", "z"]


inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in order("x")])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
