"""Copy.deepcopy(dict) is shallow."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
import copy

cfg = {"order": ["z", "a"]}
other = copy.deepcopy(cfg)
other["order"].reverse()
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in other["order"]])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in cfg["order"]])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [yb, yb], verbose=0)
