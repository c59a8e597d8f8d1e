"""The order of the outputs is known only when the program runs."""

import keras
import numpy as np

inputs = keras.Input((4,))
names = ["small", "big"]
outputs = [keras.layers.Dense(1, name=names[index])(inputs) for index in np.argsort([1, 2])]
model = keras.Model(inputs, outputs)
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER102 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 1))], verbose=0)
