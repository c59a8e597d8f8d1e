"""A list of targets whose names say for which keys they are, on a dict of outputs."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
model.compile(optimizer="sgd", loss="mse")
y_small, y_big = np.ones((8, 1)), np.ones((8, 3))
model.fit(
    np.ones((8, 4)),
    [y_small, y_big],  # expect: KER107 without fix
    verbose=0,
)
model.fit(np.ones((8, 4)), [y_big, y_small], verbose=0)
