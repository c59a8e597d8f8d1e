"""A second name for a value is no further member of an Enum."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
import enum


class H(enum.Enum):
    Z = "z"
    A = "a"
    ALIAS = "z"  # noqa: PIE796
model = keras.Model(inp, [layers.Dense(3, name=h.value)(inp) for h in H])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [yb, yb], verbose=0)
