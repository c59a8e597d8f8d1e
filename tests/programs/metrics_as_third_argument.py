"""The arguments of compile in the order of Keras 2: the third was metrics, and is loss_weights."""

import keras
import numpy as np

page = keras.Input((4,))
slant = keras.layers.Dense(1, name="slant")(page)
genre = keras.layers.Dense(3, name="genre")(page)
model = keras.Model(page, [genre, slant])
metrics = {"slant": ["mae"], "genre": ["mse"]}
model.compile(
    "sgd",
    ["mae", "mse"],
    metrics,  # expect: KER115
)
model.fit(np.ones((8, 4)), [np.ones((8, 3)), np.ones((8, 1))], verbose=0)
