"""Names in _ignore_ are no members of an Enum."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
import enum


class H(enum.Enum):
    _ignore_ = ["tmp"]
    tmp = "q"
    Z = "z"
    A = "a"
    def f(self): return 1
model = keras.Model(inp, [layers.Dense(3, name=h.value)(inp) for h in reversed(H)])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
