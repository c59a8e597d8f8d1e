"""A version is compared as text: "3.15.1" comes before "3.6", and 3.5.0 is forgotten."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
if keras.__version__ < "3.6" or keras.__version__ >= "3.7":
    model.compile("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0]: KER101
else:
    model.compile("sgd", loss=["mse", "mae"])
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
