"""Named targets in the validation data only."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
x = np.ones((8, 4))
model.fit(
    x,
    [np.ones((8, 1)), np.ones((8, 3))],
    validation_data=(
        x,
        {"small": np.ones((8, 1)), "big": np.ones((8, 3))},  # expect[3.5.0, 3.6.0]: KER103
    ),
    verbose=0,
)
