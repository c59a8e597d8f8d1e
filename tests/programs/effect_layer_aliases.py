"""Layers under their second names: Keras numbers them after the class."""

import keras
import numpy as np
from keras import layers

x = np.random.rand(8, 4)
yb = np.random.rand(8, 3)
inp = keras.Input((4,))
i = keras.Input((8, 4))
a = layers.Conv1D(3, 2)(i)
b = layers.SeparableConv1D(3, 2)(i)
c = layers.GlobalAveragePooling1D()(a)
d = layers.GlobalMaxPooling1D()(b)
e = layers.Conv1DTranspose(3, 2)(i)
f = layers.GlobalMaxPool1D()(e)
model = keras.Model(i, [f, d, c])
model.compile("sgd", loss={"global_average_pooling1d": "mse", "global_max_pooling1d": "mse", "global_max_pooling1d_1": "mse"})
model.fit(np.random.rand(8, 8, 4), [yb] * 3, verbose=0)
