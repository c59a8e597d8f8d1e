"""softmax on a layer of one unit, trained on a task with two balanced classes: its accuracy, and that of sigmoid."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(256, 4)).astype("float32")
y = (x[:, :1] > 0).astype("float32")


def accuracy(activation):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation=activation)])
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=10, verbose=0)
    return round(float(model.evaluate(x, y, verbose=0)[1]), 2)


seen, meant = accuracy("softmax"), accuracy("sigmoid")
