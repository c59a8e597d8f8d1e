"""model.optimizer.lr = 0.5 on a model with a learning rate of 0.1: the learning rate after it."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1), "mse")
model.optimizer.lr = 0.5
seen = round(float(np.asarray(model.optimizer.learning_rate)), 3)
meant = 0.5
