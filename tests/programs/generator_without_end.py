"""A dict of targets from a generator that has no end."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="sgd", loss="mse")
x, y, z = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 1))


def batches():
    while True:
        yield x, {"small": y, "big": z}


model.fit(batches(), steps_per_epoch=1, verbose=0)  # expect[3.5.0, 3.6.0]: KER103 without fix
