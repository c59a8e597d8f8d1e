"""Random targets and sample weights, written alike for both outputs."""

import keras
import numpy as np

rng = np.random.default_rng(2)
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="sgd", loss=["mse", "mae"])
model.fit(
    rng.random((8, 4)),
    {"small": rng.random((8, 1)), "big": rng.random((8, 1))},  # expect[3.5.0, 3.6.0]: KER103
    verbose=0,
)
