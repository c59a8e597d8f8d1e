"""A Sequential model has one output."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2), keras.layers.Dense(1, name="price")])
model.compile(optimizer="sgd", loss="mse")
model.fit(np.ones((8, 4)), np.ones((8, 1)), verbose=0)
