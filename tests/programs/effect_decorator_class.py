"""A decorator that is a class of the program."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
class Flip:
    def __init__(self, f): self.f = f
    def __call__(self): return self.f()[::-1]
@Flip
def names():
    return ["z", "a"]
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in names()])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
