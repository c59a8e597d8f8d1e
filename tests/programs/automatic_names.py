"""Layers without names are numbered in the order in which they are made."""

import keras
import numpy as np

inputs = keras.Input((4,))
first = keras.layers.Dense(1)(inputs)
second = keras.layers.Dense(3)(inputs)
model = keras.Model(inputs, [second, first])
model.compile(
    optimizer="sgd",
    loss={"dense": "mse", "dense_1": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 1))], verbose=0)
