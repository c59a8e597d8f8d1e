"""Three outputs whose sorted names are a rotation of their order: every loss is at another output."""

import keras
import numpy as np

inputs = keras.Input((4,))
first = keras.layers.Dense(1, name="zebra")(inputs)
second = keras.layers.Dense(2, name="ant")(inputs)
third = keras.layers.Dense(3, name="bee")(inputs)
model = keras.Model(inputs, [first, second, third])
model.compile(
    optimizer="sgd",
    loss={  # expect[3.5.0, 3.6.0]: KER101
        "zebra": "mse",
        "ant": "mae",
        "bee": "mean_squared_logarithmic_error",
    },
    loss_weights={"zebra": 1.0, "ant": 2.0, "bee": 3.0},
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 2)), np.ones((8, 3))], verbose=0)
