"""train_on_batch on three batches whose losses are 0, 1 and 100: what it returns for each."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")])
model.compile(keras.optimizers.SGD(0.0), "mse")
one = np.ones((1, 1), "float32")
seen = [round(float(np.asarray(model.train_on_batch(one, one + by))), 2) for by in (0.0, 1.0, 10.0)]
meant = [0.0, 1.0, 100.0]
