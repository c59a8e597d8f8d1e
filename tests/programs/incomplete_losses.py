"""A loss for one of two outputs: right on 3.4.1, refused later."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse"},  # expect[3.5.0+]: KER106 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
