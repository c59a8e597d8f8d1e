"""An item of an array is replaced."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
arr = np.array(["zz", "b"])
arr[0] = "a"
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in arr.tolist()])
model.compile("sgd", loss={"a": "mse", "b": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
