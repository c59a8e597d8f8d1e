"""A metric of a model with mask_zero=True, half of whose steps are padding: evaluated with the mask or without."""

import keras
import numpy as np

model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Embedding(2, 1, mask_zero=True, embeddings_initializer="zeros"),
        keras.layers.TimeDistributed(keras.layers.Dense(1, use_bias=False)),
    ]
)
model.compile("sgd", "mse", metrics=["mae"])
x = np.array([[1, 1, 0, 0]] * 2)
y = np.array([[[1.0], [1.0], [9.0], [9.0]]] * 2)
seen = float(model.evaluate(x, y, verbose=0, return_dict=True)["mae"])
meant = 1.0
