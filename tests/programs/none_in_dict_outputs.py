"""A None for an output of a dict of outputs, before the others in sorted order."""

import keras
import numpy as np

inputs = keras.Input((4,))
a = keras.layers.Dense(1, name="a")(inputs)
b = keras.layers.Dense(2, name="b")(inputs)
c = keras.layers.Dense(3, name="c")(inputs)
model = keras.Model(inputs, {"c": c, "b": b, "a": a})
model.compile(
    optimizer="sgd",
    loss={"a": None, "b": "mse", "c": "mae"},  # expect[3.5.0, 3.6.0]: KER110 without fix
)
model.fit(np.ones((8, 4)), {"a": np.ones((8, 1)), "b": np.ones((8, 2)), "c": np.ones((8, 3))}, verbose=0)
