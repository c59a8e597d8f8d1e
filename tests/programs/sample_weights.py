"""Sample weights by position stay where they are."""

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
model.fit(
    np.ones((8, 4)),
    [np.ones((8, 1)), np.ones((8, 3))],
    sample_weight=[np.ones(8), np.full(8, 0.5)],
    verbose=0,
)
