"""Own Layer whose call returns a dict, used as Model outputs: taken for one tensor."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))


class Heads(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.z = layers.Dense(1)
        self.a = layers.Dense(3)

    def call(self, t):
        return {"z": self.z(t), "a": self.a(t)}


inp = keras.Input((4,))
outs = Heads(name="heads")(inp)
model = keras.Model(inp, outs)
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.4.1]: KER105 without fix
model.fit(x, {"z": ys, "a": yb}, verbose=0)
