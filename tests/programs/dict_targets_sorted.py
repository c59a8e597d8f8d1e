"""Named losses and named targets on sorted outputs."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [big, small])
model.compile(optimizer="sgd", loss={"small": "mse", "big": "mae"})
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
