"""Fields of a dataclass's base are not counted: positional arguments land on the wrong fields."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from dataclasses import dataclass


@dataclass
class Base:
    order: tuple


@dataclass
class Config(Base):
    lr: tuple = ("z", "a")


c = Config(("a", "z"))
c2 = Config(("z", "a"), ("a", "z"))
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c2.lr])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
