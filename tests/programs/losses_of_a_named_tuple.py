"""Losses are the fields of a named tuple: _asdict makes a dict of them, _fields is their order."""

from collections import namedtuple
from typing import NamedTuple

import keras
import numpy as np

x = np.zeros((8, 4), "float32")
wide, slim = np.full((8, 3), 3.0, "float32"), np.full((8, 1), 1.0, "float32")

Tide = namedtuple("Tide", "level delay")


class Losses(NamedTuple):
    level: str = "mse"
    delay: str = "mse"

    def robust(self):
        return self._replace(delay="mae")


def build(names):
    widths = {"level": 3, "delay": 1}
    gauge = keras.Input((4,))
    return keras.Model(gauge, [keras.layers.Dense(widths[name], name=name)(gauge) for name in names])


model = build(Tide._fields)
by_name = Tide("mse", "mae")._asdict()
model.compile("sgd", loss=by_name)  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

losses = Losses().robust()
model = build(losses._fields)
model.compile("sgd", loss=dict(zip(losses._fields, losses)))  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [wide, slim], verbose=0)

model = build(sorted(Tide._fields))
model.compile("sgd", loss=Tide("mse", "mae")._asdict())
model.fit(x, [slim, wide], verbose=0)

model = build(Tide._fields)
model.compile("sgd", loss=list(Tide("mse", "mae")))
model.fit(x, [wide, slim], verbose=0)
