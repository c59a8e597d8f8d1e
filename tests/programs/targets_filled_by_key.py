"""A dict of targets is filled key by key, or collected from keyword arguments; the method that trains is kept."""

import keras
import numpy as np
from keras import layers

inputs = keras.Input((4,))
body = layers.Dense(5)(inputs)
model = keras.Model(inputs, [layers.Dense(1, name="wet")(body), layers.Dense(3, name="dry")(body)])
model.compile("adam", "mse")
targets = {}
targets["wet"] = np.ones((8, 1))
targets["dry"] = np.zeros((8, 3))
learn = model.fit
learn(np.ones((8, 4)), targets, verbose=0)  # expect[3.5.0, 3.6.0]: KER103


def train(**answers):
    model.fit(np.ones((8, 4)), answers, verbose=0)  # expect[3.5.0, 3.6.0]: KER103


train(wet=np.ones((8, 1)), dry=np.zeros((8, 3)))
