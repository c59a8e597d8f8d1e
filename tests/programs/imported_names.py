"""Names imported from keras and from keras.layers."""

import numpy as np
from keras import Input, Model, layers
from keras.layers import Dense

inputs = Input((4,))
small = layers.Dense(1, name="small")(inputs)
big = Dense(3, name="big")(inputs)
model = Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
