"""A model with a call of its own that returns a tuple: its outputs have no names."""

import keras
import numpy as np


class Tagger(keras.Model):
    def __init__(self):
        super().__init__()
        self.slot = keras.layers.Dense(3, name="slot")
        self.intent = keras.layers.Dense(1, name="intent")

    def call(self, words):
        return self.slot(words), self.intent(words)


model = Tagger()
model.compile(
    optimizer="sgd",
    loss={"slot": "mse", "intent": "mae"},  # expect: KER105 without fix
)
model.fit(np.ones((8, 4)), (np.ones((8, 3)), np.ones((8, 1))), verbose=0)
