"""One EarlyStopping object for two models that both improve in each epoch: the number of epochs of each training."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(64, 2))
stop = keras.callbacks.EarlyStopping(monitor="loss", patience=1)
seen = []
for scale in (1.0, 3.0):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    seen.append(len(model.fit(x, scale * x[:, :1], epochs=6, callbacks=[stop], verbose=0).epoch))
meant = [6, 6]
