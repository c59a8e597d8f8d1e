"""@contextmanager body of the program (with flipped(): ...) is not run, nor are its effects forgotten."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from contextlib import contextmanager

ORDER = ["z", "a"]


@contextmanager
def flipped():
    ORDER.reverse()
    yield
    ORDER.reverse()


inp = keras.Input((4,))
with flipped():
    model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in ORDER])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
