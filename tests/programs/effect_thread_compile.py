"""Function that compiles is called once in view and once through threading.Thread(target=f, args=(dict_model,))."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
import threading


def setup(m):
    m.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101 without fix


inp = keras.Input((4,))
z, a = layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)
m1 = keras.Model(inp, [z, a])
m2 = keras.Model(inp, {"z": z, "a": a})
setup(m1)
m1.fit(x, [yb, yb], verbose=0)
t = threading.Thread(target=setup, args=(m2,))
t.start()
t.join()
m2.fit(x, {"z": yb, "a": yb}, verbose=0)
