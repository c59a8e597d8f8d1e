"""One branch chooses the outputs and the losses, and the model is made and trained after it."""

import sys

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
if sys.flags.verbose:
    outputs, losses = [big, small], ["mae", "mse"]
    targets = [np.ones((8, 3)), np.ones((8, 1))]
else:
    outputs, losses = [small, big], {"small": "mse", "big": "mae"}
    targets = [np.ones((8, 1)), np.ones((8, 3))]
model = keras.Model(inputs, outputs)
model.compile(
    optimizer="sgd",
    loss=losses,  # expect[3.5.0, 3.6.0]: KER101 without fix
)
model.fit(np.ones((8, 4)), targets, verbose=0)
