"""A list of losses whose names say for which keys they are, on a dict of outputs."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
loss_small, loss_big = keras.losses.MeanSquaredError(), keras.losses.MeanAbsoluteError()
model.compile(
    optimizer="sgd",
    loss=[loss_small, loss_big],  # expect: KER107 without fix
)
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
