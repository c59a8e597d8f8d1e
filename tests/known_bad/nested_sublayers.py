"""A layer that keeps its sublayers in a list of lists, saved and loaded: whether it computes the same."""

import tempfile
from pathlib import Path

import keras
import numpy as np


class Nested(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.blocks = [[keras.layers.Dense(3), keras.layers.Dense(1)]]

    def call(self, inputs):
        for first, second in self.blocks:
            inputs = second(first(inputs))
        return inputs


x = np.ones((2, 4), "float32")
model, other = (keras.Sequential([keras.Input((4,)), Nested()]) for _ in range(2))
path = str(Path(tempfile.mkdtemp()) / "model.weights.h5")
model.save_weights(path)
other.load_weights(path)
seen = bool(np.allclose(model.predict(x, verbose=0), other.predict(x, verbose=0)))
meant = True
