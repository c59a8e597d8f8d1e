"""For over a list that its body changes: turns taken from a snapshot."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
names = ["z", "q", "a"]
for n in names:
    if n in ("z", "q"):
        names.remove(n)
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in names])
model.compile("sgd", loss={n: l for n, l in zip(names, ["mse", "mae"])})  # unseen
model.fit(x, [yb, yb], verbose=0)
