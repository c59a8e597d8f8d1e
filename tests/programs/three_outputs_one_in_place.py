"""Three outputs of which two are out of order."""

import keras
import numpy as np

inputs = keras.Input((4,))
first = keras.layers.Dense(1, name="ant")(inputs)
second = keras.layers.Dense(2, name="zebra")(inputs)
third = keras.layers.Dense(3, name="bee")(inputs)
model = keras.Model(inputs, [first, second, third])
model.compile(
    optimizer="sgd",
    loss={  # expect[3.5.0, 3.6.0]: KER101
        "ant": "mse",
        "zebra": "mae",
        "bee": "mean_squared_logarithmic_error",
    },
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 2)), np.ones((8, 3))], verbose=0)
