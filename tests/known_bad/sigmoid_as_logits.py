"""sigmoid with a binary crossentropy of logits: the loss that training reaches, and that of the right one."""

import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(256, 4)).astype("float32")
y = np.argmax(x, axis=-1)


def loss(from_logits):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.1), keras.losses.BinaryCrossentropy(from_logits=from_logits))
    return round(model.fit(x, x[:, :1] > 0, epochs=20, verbose=0).history["loss"][-1], 2)


seen, meant = loss(from_logits=True), loss(from_logits=False)
