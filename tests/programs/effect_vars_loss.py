"""Vars(model)['loss'] / operator.attrgetter('loss')(model) not seen as readers."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101 without fix
model.fit(x, [yb, yb], verbose=0)
from operator import attrgetter

print(attrgetter("loss")(model)["z"], vars(model)["loss"]["z"])
