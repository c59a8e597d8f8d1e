"""A plain subclass of a dataclass (no @dataclass on it)."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from dataclasses import dataclass


@dataclass
class Base:
    order: tuple = ("z", "a")


class Config(Base):
    """For this run."""


c = Config(order=("a", "z"))
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
