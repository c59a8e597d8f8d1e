"""A layer that is called on two inputs: two names are one too many."""

import keras
import numpy as np

query = keras.Input((4,), name="query")
passage = keras.Input((4,), name="passage")
score = keras.layers.Dense(1, name="score")
model = keras.Model([query, passage], [score(query), score(passage)])
model.compile(
    optimizer="sgd",
    loss={"score": "mse", "score_1": "mae"},  # expect: KER105 without fix
)
model.fit([np.ones((8, 4)), np.ones((8, 4))], [np.ones((8, 1)), np.zeros((8, 1))], verbose=0)
