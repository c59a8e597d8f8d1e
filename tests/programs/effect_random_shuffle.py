"""Random.shuffle(list) (stdlib is 'quiet') leaves the list in its old order. Same for anything in the stdlib tha."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
import random

random.seed(1)
order = ["z", "a"]
random.shuffle(order)
while order != ["a", "z"]:
    random.shuffle(order)
inp = keras.Input((4,))
model = keras.Model(inp, [layers.Dense(3, name=n)(inp) for n in order])
model.compile("sgd", loss={"z": "mse", "a": "mae"})  # expect[3.5.0, 3.6.0]: KER102 without fix
model.fit(x, [yb, yb], verbose=0)
