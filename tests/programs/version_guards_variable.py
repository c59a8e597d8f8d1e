"""Numbers of the version decide whether the losses of one call stay a dict."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
version = tuple(int(part) for part in keras.__version__.split(".")[:2])
losses = {"small": "mse", "big": "mae"}
if (3, 5) <= version < (3, 7):
    losses = [losses[name] for name in ("small", "big")]
model.compile("sgd", loss=losses)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.full((8, 3), 2.0)], verbose=0)
