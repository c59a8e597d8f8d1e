"""One metric in a list for three outputs, which Keras 2 took for each of them."""

import keras
import numpy as np

image = keras.Input((4,))
digits = [keras.layers.Dense(3, name=f"digit_{place}")(image) for place in range(3)]
model = keras.Model(image, digits)
model.compile(
    loss="mse",
    optimizer="sgd",
    metrics=["mae"],  # expect: KER116
)
model.fit(np.ones((8, 4)), [np.ones((8, 3))] * 3, verbose=0)
