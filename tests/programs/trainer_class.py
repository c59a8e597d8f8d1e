"""A class keeps the model in an attribute and compiles it in another method."""

import keras
import numpy as np


class Trainer:
    def __init__(self, width):
        inputs = keras.Input((4,))
        hidden = keras.layers.Dense(width, activation="relu")(inputs)
        small = keras.layers.Dense(1, name="small")(hidden)
        big = keras.layers.Dense(3, name="big")(hidden)
        self.model = keras.Model(inputs, [small, big])

    def compile(self):
        self.model.compile(
            optimizer="sgd",
            loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
        )

    def train(self):
        self.model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)


trainer = Trainer(width=5)
trainer.compile()
trainer.train()
