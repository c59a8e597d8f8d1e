"""A metaclass changes the instances as they are made."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
class M(type):
    def __call__(cls, *a):
        o = super().__call__(*a)
        o.order = sorted(o.order)
        return o
class Cfg(metaclass=M):
    def __init__(self):
        self.order = ["z", "a"]
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in Cfg().order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
