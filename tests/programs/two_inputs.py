"""Two inputs and two outputs."""

import keras
import numpy as np

left = keras.Input((4,), name="left")
right = keras.Input((2,), name="right")
both = keras.layers.Concatenate()([left, right])
small = keras.layers.Dense(1, name="small")(both)
big = keras.layers.Dense(3, name="big")(both)
model = keras.Model([left, right], [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit([np.ones((8, 4)), np.ones((8, 2))], [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
