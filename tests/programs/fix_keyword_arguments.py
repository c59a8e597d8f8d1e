"""The losses come in with other keyword arguments, and a loop trains the model."""

import keras
import numpy as np
from keras import layers


def train(steps):
    given = keras.Input((2,))
    net = keras.Model(given, [layers.Dense(1, name=name)(given) for name in ("y_b", "x_a", "a_c")])
    kept = {"loss": {"y_b": "mae", "x_a": "mse", "a_c": "log_cosh"}, "optimizer": "sgd"}
    net.compile(**kept)  # expect[3.5.0, 3.6.0]: KER101
    step = 0
    while step < steps:
        net.train_on_batch(np.ones((4, 2)), [np.ones((4, 1)), np.zeros((4, 1)), np.ones((4, 1))])
        step += 1
    return net


train(int("2"))
