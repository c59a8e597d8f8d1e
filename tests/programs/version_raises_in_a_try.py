"""A check of the version raises, and the handler takes the losses by place."""

import keras
import numpy as np


def require_names(version):
    if version in ("3.5.0", "3.6.0"):
        raise ValueError("losses go by place")


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
try:
    require_names(keras.__version__)
    model.compile("sgd", loss={"small": "mse", "big": "mae"})
except ValueError:
    model.compile("sgd", loss=["mse", "mae"])
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
