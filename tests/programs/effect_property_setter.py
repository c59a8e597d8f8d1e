"""Property setter (@x.setter) is ignored: assignment stores the value as is / getter kept."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))


class Conf:
    def __init__(self):
        self._o = ["z", "a"]

    @property
    def order(self):
        return self._o

    @order.setter
    def order(self, v):
        self._o = sorted(v)


c = Conf()
c.order = ["z", "a"]
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in c.order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})
model.fit(x, [yb, yb], verbose=0)
