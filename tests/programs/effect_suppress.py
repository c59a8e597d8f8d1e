"""With contextlib.suppress(...): the body is cut short before it changes the order."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from contextlib import suppress

order = ["a", "z"]
with suppress(ValueError):
    int("x")
    order.reverse()
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
