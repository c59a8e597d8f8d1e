"""Vars(obj).update(...) is ignored."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))


class C:
    pass


c = C()
c.order = ["z", "a"]
vars(c).update(order=["a", "z"])
globals()["LOSS_A"] = "mse"
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
