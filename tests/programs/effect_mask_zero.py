"""Layers without names after an Embedding with a mask."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
i = keras.Input((1,))  # one step: Keras 3.6.0 on JAX keeps masks by id, and may find this one at a later tensor
h = layers.Embedding(10, 4, mask_zero=True)(i)
h = layers.LSTM(4)(h)
d, e = layers.Dense(3)(h), layers.Dense(3)(h)
model = keras.Model(i, [e, d])
model.compile("sgd", loss={"dense": "mse", "dense_1": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(np.ones((8, 1)), [np.random.rand(8, 3), np.random.rand(8, 3)], verbose=0)
