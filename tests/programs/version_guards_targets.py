"""A list of losses and targets on some releases, dicts on the others."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
y = {"small": np.ones((8, 1)), "big": np.full((8, 3), 2.0)}
if keras.__version__ in ("3.5.0", "3.6.0"):
    model.compile("sgd", loss=["mse", "mae"])
    y = [y["small"], y["big"]]
else:
    model.compile("sgd", loss={"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), y, verbose=0)
