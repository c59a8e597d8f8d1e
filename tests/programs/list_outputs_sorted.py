"""Two outputs in a list whose names happen to be sorted."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [big, small])
model.compile(optimizer="sgd", loss={"big": "mae", "small": "mse"})
model.fit(np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 1))], verbose=0)
