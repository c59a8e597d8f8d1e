"""Two compile calls, of which one is right."""

import keras
import numpy as np


def build(names):
    inputs = keras.Input((4,))
    return keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in names])


sorted_model = build(["a", "b"])
sorted_model.compile(optimizer="sgd", loss={"a": "mse", "b": "mae"})
unsorted_model = build(["b", "a"])
unsorted_model.compile(
    optimizer="sgd",
    loss={"a": "mse", "b": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
for model in (sorted_model, unsorted_model):
    model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 1))], verbose=0)
