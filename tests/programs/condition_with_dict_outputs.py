"""A flag makes dict outputs and dict losses together: nothing is wrong, and no two branches that can't meet are."""

import sys

import keras
import numpy as np

single = sys.flags.verbose
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
outputs = [small] if single else {"small": small, "big": big}
model = keras.Model(inputs, outputs)
if single:
    losses, targets = "mse", np.ones((8, 1))
else:
    losses = {"small": "mse", "big": "mae"}
    targets = {"small": np.ones((8, 1)), "big": np.ones((8, 3))}
model.compile(optimizer="sgd", loss=losses)
model.fit(np.ones((8, 4)), targets, verbose=0)
