"""The losses are merged of two dicts at the call."""

import keras
import numpy as np
from keras import layers

base = {"wheat": "mse", "barley": "mae"}
extra = {"maize": keras.losses.Huber(0.7)}
field = keras.Input((3,))
rows = [layers.Dense(1, name=crop)(field) for crop in ("wheat", "maize", "barley")]
farm = keras.Model(field, rows)
farm.compile(optimizer=keras.optimizers.SGD(0.01), loss=base | extra)  # expect[3.5.0, 3.6.0]: KER101
farm.fit(np.ones((4, 3)), [np.ones((4, 1)), np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
