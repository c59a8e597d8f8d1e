"""Weights that are numbers of NumPy: Keras 3.5.0 and 3.6.0 refuse them, so that nothing goes to another output."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
weights = {"small": np.float32(0.5), "big": np.float32(2.0)}
model.compile(optimizer="sgd", loss={"small": "mse", "big": "mae"}, loss_weights=weights)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
