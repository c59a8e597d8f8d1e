"""save_weights of a subclassed model that was never called: whether Keras says that there is nothing to save."""

import tempfile
from pathlib import Path

import keras


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


try:
    Own().save_weights(str(Path(tempfile.mkdtemp()) / "own.weights.h5"))
    seen = "saved nothing"
except ValueError:
    seen = "raises ValueError"
meant = "raises ValueError"
