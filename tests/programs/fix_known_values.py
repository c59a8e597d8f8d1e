"""The losses are calls and choices whose values are known, the weights arithmetic, the targets items of arrays."""

import keras
import numpy as np
from keras import layers


def capped(limit):
    def error(truth, guess):
        return keras.ops.mean(keras.ops.minimum(keras.ops.abs(truth - guess), limit), axis=-1)

    return error


share = 0.25
arrays = {"rain": np.ones((4, 1)), "hail": np.zeros((4, 1))}
cloud = keras.Input((3,))
sky = keras.Model(cloud, [layers.Dense(1, name="rain")(cloud), layers.Dense(1, name="hail")(cloud)])
sky.compile(
    optimizer="adam",
    loss={"rain": capped(2.0), "hail": capped(0.5)},  # expect[3.5.0, 3.6.0]: KER101
    loss_weights={"hail": 1 - share, "rain": 2 * share},
)
for _ in range(int("2")):
    sky.fit(
        np.ones((4, 3)),
        {"rain": arrays["rain"], "hail": arrays["hail"][:]},  # expect[3.5.0, 3.6.0]: KER103
        verbose=0,
    )
