"""A dict of losses that a key from the command line chooses: each of them is sent to the wrong outputs."""

import sys

import keras
import numpy as np

LOSSES = {"plain": {"small": "mse", "big": "mae"}, "robust": {"small": "mae", "big": "log_cosh"}}

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="sgd", loss=LOSSES.get(sys.argv[-1], LOSSES["plain"]))  # expect[3.5.0, 3.6.0]: KER101
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
