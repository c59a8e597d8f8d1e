"""One condition of which the source says nothing decides the outputs, and further on the losses."""

import sys

import keras
import numpy as np

single = sys.flags.verbose
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
outputs = [small] if single else [small, big]
model = keras.Model(inputs, outputs)
targets = [np.ones((8, 1))]
losses = {"small": "mse"}
if not single:
    targets.append(np.ones((8, 3)))
    losses["big"] = "mae"
model.compile(
    optimizer="sgd",
    loss=losses,  # expect[3.5.0, 3.6.0]: KER101 without fix
)
model.fit(np.ones((8, 4)), targets, verbose=0)
