"""A list of weights beside a dict of losses, on a dict of outputs: matched to the sorted keys."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},
    loss_weights=[0.25, 4.0],  # expect[3.5.0+]: KER113 without fix
)
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
