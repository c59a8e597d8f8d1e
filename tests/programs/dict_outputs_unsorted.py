"""Outputs in a dict: named losses are right on every release."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
model.compile(optimizer="sgd", loss={"small": "mse", "big": "mae"}, loss_weights={"small": 0.25, "big": 4.0})
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
