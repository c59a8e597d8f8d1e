"""Names are sorted by code point: "B" comes before "a"."""

import keras
import numpy as np

inputs = keras.Input((4,))
first = keras.layers.Dense(1, name="a")(inputs)
second = keras.layers.Dense(3, name="B")(inputs)
model = keras.Model(inputs, [first, second])
model.compile(
    optimizer="sgd",
    loss={"a": "mse", "B": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
