"""A callback evaluates the model on named targets, which must become a tuple with the losses."""

import keras
import numpy as np

x, a, b = np.ones((8, 4)), np.ones((8, 1)), np.ones((8, 3))


class Check(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.evaluate(
            x,
            {"small": a, "big": b},  # expect[3.5.0, 3.6.0]: KER103
            verbose=0,
        )


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("sgd", loss={"small": "mse", "big": "mae"})  # expect[3.5.0, 3.6.0]: KER101
model.fit(x, [a, b], callbacks=[Check()], verbose=0)
