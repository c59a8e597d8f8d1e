"""A None for the first of sorted outputs: the last loss is dropped."""

import keras
import numpy as np

inputs = keras.Input((4,))
a = keras.layers.Dense(1, name="a")(inputs)
b = keras.layers.Dense(2, name="b")(inputs)
c = keras.layers.Dense(3, name="c")(inputs)
model = keras.Model(inputs, [a, b, c])
model.compile(
    optimizer="sgd",
    loss={"a": None, "b": "mse", "c": "mae"},  # expect[3.5.0, 3.6.0]: KER110 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 2)), np.ones((8, 3))], verbose=0)
