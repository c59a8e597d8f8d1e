"""Weights that are numbers of NumPy, which some releases refuse; the outputs are sorted."""

import keras
import numpy as np

inputs = keras.Input((4,))
big = keras.layers.Dense(3, name="big")(inputs)
small = keras.layers.Dense(1, name="small")(inputs)
model = keras.Model(inputs, [big, small])
model.compile(optimizer="sgd", loss={"small": "mse", "big": "mae"}, loss_weights=[np.float32(0.5), np.float64(2.0)])
model.fit(np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 1))], verbose=0)
