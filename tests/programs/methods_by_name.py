"""Methods are called by their names, and through the class of the model."""

from operator import attrgetter

import keras
import numpy as np
from keras import layers


def build(first: str, second: str) -> keras.Model:
    inputs = keras.Input((4,))
    body = layers.Dense(5)(inputs)
    return keras.Model(inputs, [layers.Dense(1, name=first)(body), layers.Dense(3, name=second)(body)])


x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))

field = build("wet", "dry")
keras.Model.compile(field, "adam", {"wet": "mse", "dry": "mae"})  # expect[3.5.0, 3.6.0]: KER101
keras.Model.fit(field, x, [one, three], verbose=0)

compass = build("north", "east")
type(compass).compile(compass, optimizer="adam", loss={"north": "mse", "east": "mae"})  # expect[3.5.0, 3.6.0]: KER101
compass.fit(x, [one, three], verbose=0)

lift = build("up", "down")
lift.__class__.compile(lift, "adam", loss={"up": "mse", "down": "mae"})  # expect[3.5.0, 3.6.0]: KER101
lift.fit(x, [one, three], verbose=0)

tide = build("high", "ebb")
attrgetter("compile")(tide)("adam", {"high": "mse", "ebb": "mae"})  # expect[3.5.0, 3.6.0]: KER101
getattr(tide, "".join(["f", "it"]))(x, [one, three], verbose=0)
