"""The same loss object under both names."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
loss = keras.losses.Huber(delta=0.5)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="sgd", loss={"small": loss, "big": loss})
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
