"""Layers without names after a Masking."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
i = keras.Input((1, 4))  # one step: see effect_mask_zero.py
h = layers.Masking()(i)
h = layers.LSTM(4)(h)
d, e = layers.Dense(3)(h), layers.Dense(3)(h)
model = keras.Model(i, [e, d])
model.compile("sgd", loss={"dense": "mse", "dense_1": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(np.random.rand(8, 1, 4), [np.random.rand(8, 3), np.random.rand(8, 3)], verbose=0)
