"""A layer that is called on two inputs: one loss under its name is for both outputs, which two releases refuse."""

import keras
import numpy as np

left, right = keras.Input((4,)), keras.Input((4,))
depth = keras.layers.Dense(1, name="depth")
model = keras.Model([left, right], (depth(left), depth(right)))
model.compile(
    optimizer="sgd",
    loss={"depth": "mse"},  # expect[3.5.0, 3.6.0]: KER106 without fix
)
model.fit([np.ones((8, 4)), np.ones((8, 4))], (np.ones((8, 1)), np.zeros((8, 1))), verbose=0)
