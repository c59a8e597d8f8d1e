"""softmax twice before a crossentropy: the loss that training reaches, and that with softmax once."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(256, 4)).astype("float32")
y = np.argmax(x, axis=-1)


def loss(*more):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, activation="softmax"), *more])
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    return round(model.fit(x, y, epochs=20, verbose=0).history["loss"][-1], 2)


seen, meant = loss(keras.layers.Softmax()), loss()
