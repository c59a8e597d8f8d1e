"""model.optimizer.lr: the learning rate."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.5), "mse")
seen = round(float(np.asarray(model.optimizer.lr)), 3)
meant = 0.5
