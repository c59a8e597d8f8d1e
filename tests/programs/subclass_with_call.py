"""A subclassed model that returns a dict."""

import keras
import numpy as np


class TwoHeads(keras.Model):
    def __init__(self):
        super().__init__()
        self.small = keras.layers.Dense(1, name="small")
        self.big = keras.layers.Dense(3, name="big")

    def call(self, inputs):
        return {"small": self.small(inputs), "big": self.big(inputs)}


model = TwoHeads()
model.compile(optimizer="sgd", loss={"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
