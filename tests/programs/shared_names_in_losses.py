"""Losses by the names inside of a model that is called as a layer: both outputs are called like the model."""

import keras
import numpy as np

scan = keras.Input((4,))
lesion = keras.layers.Dense(1, name="lesion")(scan)
organ = keras.layers.Dense(3, name="organ")(scan)
reader = keras.Model(scan, {"lesion": lesion, "organ": organ}, name="reader")
volume = keras.Input((4,))
read = reader(volume)
model = keras.Model(volume, [read["organ"], read["lesion"]])
model.compile(
    optimizer="sgd",
    loss={"lesion": "mse", "organ": "mae"},  # expect: KER105 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 1))], verbose=0)
