"""A Sequential model has one output, without a name: every release refuses a named loss."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2), keras.layers.Dense(1, name="price")])
model.compile(optimizer="sgd", loss={"price": "mse"})
model.fit(np.ones((8, 4)), np.ones((8, 1)), verbose=0)
