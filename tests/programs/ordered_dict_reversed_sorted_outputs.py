"""A reversed OrderedDict is wrong on sorted outputs too."""

from collections import OrderedDict

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [big, small])
model.compile(
    optimizer="sgd",
    loss=OrderedDict([("small", "mse"), ("big", "mae")]),  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 1))], verbose=0)
