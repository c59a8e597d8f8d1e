"""Reversed(list) is a snapshot, Python's is live."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
names = ["a", "z"]
g = reversed(names)
names.reverse()
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in g])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
