"""No activation before a crossentropy of probabilities: the accuracy, and that with the crossentropy of logits."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(256, 4)).astype("float32")
y = np.argmax(x, axis=-1)


def accuracy(from_logits):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(keras.optimizers.Adam(0.1), loss, metrics=["accuracy"])
    return round(model.fit(x, y, epochs=20, verbose=0).history["accuracy"][-1], 2)


seen, meant = accuracy(from_logits=False), accuracy(from_logits=True)
