"""One Adam optimizer for two models, each trained: what the first step changes of the weight of the second."""

import keras
import numpy as np

x = np.ones((4, 1))


def trained(optimizer, target, epochs):
    weight = keras.layers.Dense(1, kernel_initializer="zeros", use_bias=False)
    model = keras.Sequential([keras.Input((1,)), weight])
    model.compile(optimizer, "mse")
    model.fit(x, target * x, epochs=epochs, verbose=0)
    return round(float(np.asarray(weight.kernel)[0, 0]), 2)


optimizer = keras.optimizers.Adam(0.1)
trained(optimizer, target=-5.0, epochs=10)
seen, meant = trained(optimizer, target=1.0, epochs=1), trained(keras.optimizers.Adam(0.1), target=1.0, epochs=1)
