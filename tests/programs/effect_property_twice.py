"""Loss=t.losses where losses is a property: rewritten to (t.losses[..], t.losses[..]), evaluated twice."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))


class T:
    def __init__(self):
        self.n = 0

    @property
    def losses(self):
        self.n += 1
        if self.n > 1:
            raise RuntimeError("losses are made once")
        return {"z": "mse", "a": "mae"}


t = T()
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)])
model.compile("sgd", loss=t.losses)  # expect[3.5.0, 3.6.0]: KER101 without fix
model.fit(x, [yb, yb], verbose=0)
