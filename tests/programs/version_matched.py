"""The version is matched by patterns."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
match keras.__version__.split("."):
    case ["3", "5" | "6", *_]:
        losses = ["mse", "mae"]
    case _:
        losses = {"small": "mse", "big": "mae"}
model.compile("sgd", loss=losses)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
