"""The same with the losses in sorted order: the weights may be meant in that order, too."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
model.compile(optimizer="sgd", loss={"big": "mae", "small": "mse"}, loss_weights=[4.0, 0.25])
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
