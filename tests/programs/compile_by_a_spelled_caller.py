"""A caller of the method that compiles, by a name that is put together, compiles the model."""

import operator

import keras
import numpy as np

inputs = keras.Input((4,))
first = keras.layers.Dense(1, name="small")(inputs)
second = keras.layers.Dense(3, name="big")(inputs)
x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))
END = "pile"

other = keras.Model(inputs, [first, second])
operator.methodcaller(f"com{END}", "sgd", loss={"small": "mse", "big": "mae"})(other)  # expect[3.5.0, 3.6.0]: KER101 without fix
other.fit(x, [one, three], verbose=0)
