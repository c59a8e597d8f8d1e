"""The method that compiles is asked for by a name that is put together."""

import keras
import numpy as np

inputs = keras.Input((4,))
first = keras.layers.Dense(1, name="small")(inputs)
second = keras.layers.Dense(3, name="big")(inputs)
x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))

model = keras.Model(inputs, [first, second])
getattr(model, "com" + "pile")("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [one, three], verbose=0)


def prepare(name: str) -> keras.Model:
    third = keras.Model(inputs, [first, second], name=name)
    getattr(third, "".join(["comp", "ile"]))("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0, 3.6.0]: KER101
    third.fit(x, [one, three], verbose=0)
    return third


prepare("third")
