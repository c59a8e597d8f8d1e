"""An array is sorted in place."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
names = np.array(["z", "a"])
names.sort()
model = keras.Model(inp, [layers.Dense(3, name=str(n))(inp) for n in names])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
