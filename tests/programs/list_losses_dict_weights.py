"""The same with a list of losses, and the weights written in sorted order."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss=["mse", "mae"],
    loss_weights={"big": 4.0, "small": 0.25},  # expect[3.5.0+]: KER104
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
