"""A loss for an output that does not exist: refused by every release."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "bigg": "mae"},  # expect: KER105 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
