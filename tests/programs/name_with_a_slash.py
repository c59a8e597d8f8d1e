"""Keras 3 refuses a name with a slash, so the first call is never reached; one with another separator is a name."""

import keras
import numpy as np

x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))
inputs = keras.Input((4,))


def build(near: str) -> keras.Model:
    outputs = [keras.layers.Dense(1, name=near)(inputs), keras.layers.Dense(3, name="far")(inputs)]
    return keras.Model(inputs, outputs)


slanted, model = build("orchard>near"), None
slanted.compile("sgd", loss={"orchard>near": "mse", "far": "mae"})  # expect[3.5.0, 3.6.0]: KER101
slanted.fit(x, [one, three], verbose=0)
try:
    model = build("orchard/near")
    model.compile("sgd", loss={"orchard/near": "mse", "far": "mae"})
except ValueError:
    model = build("orchard")
    model.compile("sgd", loss={"orchard": "mse", "far": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [one, three], verbose=0)
refused = build("orchard/near")
refused.compile("sgd", loss={"orchard/near": "mse", "far": "mae"})
refused.fit(x, [one, three], verbose=0)
