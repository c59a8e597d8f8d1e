"""A None among the losses, and targets for the outputs that have one: as meant from 3.7.0 on."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
tiny = keras.layers.Dense(1, name="tiny")(inputs)
model = keras.Model(inputs, [small, big, tiny])
model.compile(
    optimizer="sgd",
    loss=["mse", None, "mae"],  # expect[3.4.1, 3.5.0, 3.6.0]: KER110 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.zeros((8, 1))], verbose=0)
