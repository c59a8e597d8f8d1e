"""Losses that are the same, written in several ways: their exchange changes nothing."""

import keras
import numpy as np
from keras import losses

x, ys = np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 3))]
inputs = keras.Input((4,))
model = keras.Model(inputs, [keras.layers.Dense(3, name="z")(inputs), keras.layers.Dense(3, name="a")(inputs)])
model.compile(optimizer="sgd", loss={"z": losses.Huber(1.0), "a": losses.Huber(delta=1.0)})
model.fit(x, ys, verbose=0)
model.compile(optimizer="sgd", loss={"z": losses.Huber(0.5), "a": losses.Huber(delta=0.5)})
model.fit(x, ys, verbose=0)
model.compile(optimizer="sgd", loss={"z": losses.get("mae"), "a": "mean_absolute_error"})
model.fit(x, ys, verbose=0)
model.compile(
    optimizer="sgd", loss={"z": losses.MeanSquaredError("sum"), "a": losses.MeanSquaredError(reduction="sum")}
)
model.fit(x, ys, verbose=0)
