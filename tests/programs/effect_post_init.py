"""Dataclass __post_init__ is not run (nor the instance forgotten)."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from dataclasses import dataclass


@dataclass
class Config:
    order: tuple = ("z", "a")

    def __post_init__(self):
        self.order = tuple(sorted(self.order))


c = Config()
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
