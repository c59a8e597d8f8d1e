"""The dict stands in a variable."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
losses = {"small": "mse", "big": "mae"}
weights = {"small": 0.25, "big": 4.0}
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss=losses,  # expect[3.5.0, 3.6.0]: KER101
    loss_weights=weights,
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
