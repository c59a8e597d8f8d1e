"""A None before other losses: shifted on 3.4.1, cut short on 3.5.0 and 3.6.0."""

import keras
import numpy as np

inputs = keras.Input((4,))
one = keras.layers.Dense(1, name="one")(inputs)
three = keras.layers.Dense(2, name="three")(inputs)
two = keras.layers.Dense(3, name="two")(inputs)
model = keras.Model(inputs, [one, three, two])
model.compile(
    optimizer="sgd",
    loss=[None, "mse", "mae"],  # expect[3.4.1, 3.5.0, 3.6.0]: KER110 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 2)), np.ones((8, 3))], verbose=0)
