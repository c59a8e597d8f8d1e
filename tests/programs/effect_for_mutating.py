"""For over a list that its body changes: Python takes the item at the next place of what is left."""

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
model.compile("sgd", loss={n: l for n, l in zip(names, ["mse", "mae"])})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [yb, yb], verbose=0)
