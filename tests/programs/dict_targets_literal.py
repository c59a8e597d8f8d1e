"""Named losses, weights, targets and sample weights, all as literals. 3.7.0 and later refuse the last."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
    loss_weights={"small": 0.25, "big": 4.0},
)
model.fit(
    np.ones((8, 4)),
    {"small": np.ones((8, 1)), "big": np.ones((8, 3))},  # expect[3.5.0, 3.6.0]: KER103
    sample_weight={"small": np.ones(8), "big": np.full(8, 0.5)},
    verbose=0,
)
