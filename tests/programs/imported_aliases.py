"""Aliases for the package, for a module of it and for a class."""

import keras as k
import keras.layers as nn
import numpy as np
from keras.models import Model as Net

inputs = k.Input((4,))
small = nn.Dense(1, name="small")(inputs)
big = nn.Dense(3, name="big")(inputs)
model = Net(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
