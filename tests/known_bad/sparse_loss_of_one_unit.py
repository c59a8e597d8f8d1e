"""sparse_categorical_crossentropy on a sigmoid of one unit: its accuracy, and that with binary_crossentropy."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(256, 4)).astype("float32")
y = (x[:, :1] > 0).astype("float32")


def accuracy(loss):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.1), loss)
    model.fit(x, y, epochs=10, verbose=0)
    return round(float(np.mean((model.predict(x, verbose=0) > 0.5) == (y > 0.5))), 2)


seen, meant = accuracy("sparse_categorical_crossentropy"), accuracy("binary_crossentropy")
