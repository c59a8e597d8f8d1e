"""A set of versions contains the installed one."""

import keras
import numpy as np
from packaging.specifiers import SpecifierSet

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
if keras.__version__ in SpecifierSet(">=3.5,<3.7"):
    model.compile("sgd", loss=("mse", "mae"))
else:
    model.compile("sgd", loss={"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
