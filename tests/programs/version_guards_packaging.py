"""The version is compared as an object, in a constant of the module."""

import keras
import numpy as np
from packaging.version import Version

BY_PLACE = Version("3.5.0") <= Version(keras.__version__) < Version("3.7.0")

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
losses = {"small": "mse", "big": "mae"}
model.compile("sgd", loss=tuple(losses.values()) if BY_PLACE else losses)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
