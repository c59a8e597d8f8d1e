"""Losses by position on a dict of outputs: Keras reads them in sorted order, as meant here."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"big": big, "small": small})
model.compile(optimizer="sgd", loss=("mae", "mse"))
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
