"""The dict that a called model returns is the outputs: its keys count from 3.5.0 on, for metrics from 3.12.0 on."""

import keras
import numpy as np

tile = keras.Input((4,))
road = keras.layers.Dense(1)(tile)
water = keras.layers.Dense(3)(tile)
segmenter = keras.Model(tile, {"water": water, "road": road}, name="segmenter")
image = keras.Input((4,))
model = keras.Model(image, segmenter(keras.layers.Dense(4)(image)))
model.compile(
    optimizer="sgd",
    loss={"road": "mse", "water": "mae"},  # expect[3.4.1]: KER105 without fix
    metrics={"road": ["mae"]},  # expect[3.4.1, 3.5.0, 3.6.0, 3.7.0]: KER105 without fix
)
model.fit(np.ones((8, 4)), {"road": np.ones((8, 1)), "water": np.ones((8, 3))}, verbose=0)
