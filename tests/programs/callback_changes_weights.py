"""A callback changes the dict of loss weights before Keras 3.4.1 has read it: a tuple would keep the old ones."""

import keras
import numpy as np


class Heavy(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        weights["big"] = 7.0


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
weights = {"small": 1.0, "big": 0.5}
model.compile(
    "sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101 without fix
    loss_weights=weights,  # unseen
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], callbacks=[Heavy()], verbose=0)
