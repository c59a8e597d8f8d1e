"""A metaclass gives one and the same instance each time."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
class Singleton(type):
    _all = {}
    def __call__(cls, *a, **k):
        if cls not in cls._all:
            cls._all[cls] = super().__call__(*a, **k)
        return cls._all[cls]
class Cfg(metaclass=Singleton):
    def __init__(self):
        self.order = ["z", "a"]
Cfg().order.reverse()
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in Cfg().order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
