"""A metaclass changes the attributes of a subclass that does not name it."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
class Sorter(type):
    def __new__(m, name, bases, ns):
        ns["order"] = sorted(ns.get("order", []))
        return super().__new__(m, name, bases, ns)
class Base(metaclass=Sorter):
    pass
class Cfg(Base):
    order = ["z", "a"]
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in Cfg.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
