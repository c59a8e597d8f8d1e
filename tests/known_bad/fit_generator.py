"""model.fit_generator, evaluate_generator and predict_generator: whether they run."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")


def batches():
    while True:
        yield np.ones((2, 1)), np.ones((2, 1))


model.fit_generator(batches(), steps_per_epoch=1, verbose=0)
seen = meant = "trains"
