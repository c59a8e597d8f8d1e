"""One ReduceLROnPlateau object for two models that both improve in each epoch: the learning rate of each at the end."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(64, 2))
plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, factor=0.5)
seen = []
for scale in (1.0, 3.0):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    model.fit(x, scale * x[:, :1], epochs=6, callbacks=[plateau], verbose=0)
    seen.append(round(float(np.asarray(model.optimizer.learning_rate)), 5))
meant = [0.01, 0.01]
