"""A class with a call of its own that makes a dict of what the Functional model gives: right on every release."""

import keras
import numpy as np


class Named(keras.Model):
    def call(self, inputs, training=None, mask=None):
        small, big = super().call(inputs)
        return {"small": small, "big": big}


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = Named(inputs, [small, big])
model.compile("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
