"""One array of targets beside a dict of losses, of outputs in sorted order: the first output alone is trained."""

import keras
import numpy as np

inputs = keras.Input((4,))
big = keras.layers.Dense(1, name="big")(inputs)
small = keras.layers.Dense(1, name="small")(inputs)
model = keras.Model(inputs, [big, small])
model.compile(
    "sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.4.1, 3.5.0, 3.6.0]: KER110 without fix
)
model.fit(np.ones((8, 4)), np.zeros((8, 1), dtype="float32"), verbose=0)
