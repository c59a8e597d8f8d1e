"""Zip/map/enumerate/reversed/iter objects can be consumed twice."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
pairs = zip(["z", "a"], [3, 3])
names = [n for n, _ in pairs]
extra = [n for n, _ in pairs]
inp = keras.Input((4,))
order = ["z", "a"] if extra else ["a", "z"]
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
