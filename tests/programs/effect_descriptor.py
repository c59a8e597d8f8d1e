"""A descriptor of the program puts what is assigned in an order of its own."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
class Sorted:
    def __set__(self, obj, value):
        obj.__dict__["_o"] = sorted(value, reverse=True)
    def __get__(self, obj, cls):
        return obj.__dict__["_o"]
class Cfg:
    order = Sorted()
c = Cfg()
c.order = ["a", "z"]
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [yb, yb], verbose=0)
