"""A function compiles either way and returns early; the version is passed to another one."""

import keras
import numpy as np


def goes_by_place(version):
    major, minor, _ = version.split(".")
    return major == "3" and minor in {"5", "6"}


def compile_by_version(model, losses):
    if not goes_by_place(keras.__version__):
        model.compile("sgd", loss=losses)
        return
    model.compile("sgd", loss=[losses[name] for name in model.output_names])


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
compile_by_version(model, {"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
