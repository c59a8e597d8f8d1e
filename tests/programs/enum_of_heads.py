"""The heads of a model are the members of an Enum, whose own ``__init__`` takes their values apart."""

import enum

import keras
import numpy as np
from keras import layers


class Head(enum.Enum):
    TORQUE = ("torque", 1, "mse", 2.0)
    RPM = ("rpm", 3, "mae", 0.5)

    def __init__(self, key, units, loss, weight):
        self.key, self.units, self.loss, self.weight = key, units, loss, weight

    @property
    def target(self):
        return np.ones((8, self.units))


inputs = keras.Input((4,))
model = keras.Model(inputs, [layers.Dense(head.units, name=head.key)(inputs) for head in Head])
losses = {head.key: head.loss for head in Head}
model.compile("adam", loss=losses)  # expect[3.5.0, 3.6.0]: KER101
model.fit(np.ones((8, 4)), [head.target for head in Head], verbose=0)
