"""A None behind all losses is taken as it is meant."""

import keras
import numpy as np

inputs = keras.Input((4,))
one = keras.layers.Dense(1, name="one")(inputs)
two = keras.layers.Dense(2, name="two")(inputs)
three = keras.layers.Dense(3, name="three")(inputs)
model = keras.Model(inputs, [one, two, three])
model.compile(optimizer="sgd", loss=("mse", "mae", None))
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 2)), np.ones((8, 3))], verbose=0)
