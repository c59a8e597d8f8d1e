"""Targets in a dict reach fit through *args or **kwargs of the program's own functions."""

import keras
import numpy as np


class Workshop:
    def build(self):
        inputs = keras.Input((4,))
        wood = keras.layers.Dense(1, name="wood")(inputs)
        iron = keras.layers.Dense(1, name="iron")(inputs)
        model = keras.Model(inputs, [wood, iron])
        model.compile("sgd", loss="mse")
        return model

    def fit(self, model, *args, **kwargs):
        return model.fit(*args, **kwargs)  # expect[3.5.0, 3.6.0]: KER103 without fix


def evaluate(model, **kwargs):
    return model.evaluate(verbose=0, **kwargs)  # expect[3.5.0, 3.6.0]: KER103 without fix


x = np.ones((4, 4))
targets = {"wood": np.ones((4, 1)), "iron": np.zeros((4, 1))}
workshop = Workshop()
model = workshop.build()
workshop.fit(model, x, targets, epochs=1, verbose=0)
evaluate(model, x=x, y=targets)
