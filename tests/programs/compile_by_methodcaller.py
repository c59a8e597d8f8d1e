"""A methodcaller compiles a model: its call holds no argument that a fix could change."""

from operator import methodcaller

import keras
import numpy as np
from keras import layers


def build(first: str, second: str) -> keras.Model:
    inputs = keras.Input((4,))
    body = layers.Dense(5)(inputs)
    return keras.Model(inputs, [layers.Dense(1, name=first)(body), layers.Dense(3, name=second)(body)])


x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))

mine = build("zinc", "iron")
methodcaller("compile", optimizer="adam", loss={"zinc": "mse", "iron": "mae"})(mine)  # expect[3.5.0, 3.6.0]: KER101 without fix
mine.fit(x, [one, three], verbose=0)
