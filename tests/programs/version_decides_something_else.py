"""A condition on the version that has nothing to do with the losses."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
if keras.__version__ >= "3.6":
    print("at least 3.6")
model.compile("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
