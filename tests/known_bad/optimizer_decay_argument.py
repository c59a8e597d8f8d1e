"""SGD(1.0, decay=1.0): the learning rate after one step, by which it falls to the half."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros", use_bias=False)])
model.compile(keras.optimizers.SGD(1.0, decay=1.0), "mae")
x = np.ones((1, 1))
model.train_on_batch(x, 10 * x)
model.train_on_batch(x, 10 * x)
seen = round(float(np.asarray(model.get_weights()[0]).max()), 2)
meant = 1.5
