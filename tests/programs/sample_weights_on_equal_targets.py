"""One target for both outputs: only the sample weights go astray. 3.7.0 and later refuse them."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="sgd", loss=("mse", "mae"))
x, y = np.ones((8, 4)), np.ones((8, 1))
model.fit(
    x,
    {"small": y, "big": y},
    sample_weight={"small": np.ones(8), "big": np.full(8, 0.5)},  # expect[3.5.0, 3.6.0]: KER114
    verbose=0,
)
