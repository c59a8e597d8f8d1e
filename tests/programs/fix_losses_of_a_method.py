"""A method returns the losses."""

import keras
import numpy as np
from keras import layers


class Clinic:
    def __init__(self):
        chart = keras.Input((5,))
        self.net = keras.Model(chart, [layers.Dense(1, name="stay")(chart), layers.Dense(1, name="cost")(chart)])

    def losses(self):
        table = {"cost": "mse"}
        for name in ("stay",):
            table[name] = "poisson"
        return table

    def learn(self):
        self.net.compile("adam", self.losses())  # expect[3.5.0, 3.6.0]: KER101
        return self.net.fit(np.ones((4, 5)), [np.ones((4, 1)), np.ones((4, 1))], verbose=0)


Clinic().learn()
