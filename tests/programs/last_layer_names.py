"""An output is named after the last layer that made it, here an Activation and a Reshape."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Activation("relu", name="small")(keras.layers.Dense(1, name="a")(inputs))
big = keras.layers.Reshape((3, 1), name="big")(keras.layers.Dense(3, name="z")(inputs))
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3, 1))], verbose=0)
