"""A Callback of the program reads self.model.loss[...]: not seen as a reader."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))


class Report(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.seen = self.model.loss["z"]


inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name="z")(inp), layers.Dense(3, name="a")(inp)])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER101 without fix
model.fit(x, [yb, yb], verbose=0, callbacks=[Report()])
