"""Names are sorted as text: "out_10" comes before "out_2"."""

import keras
import numpy as np

inputs = keras.Input((4,))
outputs = [keras.layers.Dense(1, name=f"out_{number}")(inputs) for number in (2, 10)]
model = keras.Model(inputs, outputs)
model.compile(
    optimizer="sgd",
    loss={"out_2": "mse", "out_10": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 1))], verbose=0)
