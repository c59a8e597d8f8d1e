"""The one caller displays the losses that a function compiles with."""

import keras
import numpy as np
from keras import layers


def prepared(network, *, criteria, optimizer="adam"):
    network.compile(optimizer=optimizer, loss=criteria)  # expect[3.5.0, 3.6.0]: KER101
    network.fit(np.ones((4, 2)), [np.ones((4, 1)), np.zeros((4, 1))], verbose=0)
    return network


song = keras.Input((2,))
first = keras.Model(song, [layers.Dense(1, name="tempo")(song), layers.Dense(1, name="key")(song)])
wanted = {"key": "mae", "tempo": "mse"}
prepared(first, criteria=wanted)
