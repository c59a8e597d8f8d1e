"""KER102 on a right program (decorator)."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))


def sorted_outputs(f):
    def wrapper(*args, **kwargs):
        i, o = f(*args, **kwargs)
        return keras.Model(i, sorted(o, key=lambda t: t._keras_history[0].name))

    return wrapper


@sorted_outputs
def build():
    inp = keras.Input((4,))
    return inp, [layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)]


model = build()
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
