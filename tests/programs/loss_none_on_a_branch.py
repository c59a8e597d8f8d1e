"""A loss that is None on a branch which is not taken here: there a tuple would be another thing than the dict."""

import os

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
losses = {"small": "mse", "big": "mae"}
if os.environ.get("WITHOUT_SMALL"):
    losses["small"] = None
model.compile("sgd", loss=losses)  # expect[3.5.0, 3.6.0]: KER101
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
