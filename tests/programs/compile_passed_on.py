"""A function of the program is given the compile method of a model, and calls it with the arguments it collected."""

import keras
import numpy as np
from keras import layers


def build(first: str, second: str) -> keras.Model:
    inputs = keras.Input((4,))
    body = layers.Dense(5)(inputs)
    return keras.Model(inputs, [layers.Dense(1, name=first)(body), layers.Dense(3, name=second)(body)])


x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))


def with_defaults(call, **options):
    call(**{"optimizer": "adam", **options})  # expect[3.5.0, 3.6.0]: KER101 without fix


nest = build("weight", "clutch")
with_defaults(nest.compile, loss={"weight": "mse", "clutch": "mae"})
nest.fit(x, [one, three], verbose=0)
