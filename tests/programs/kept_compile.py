"""Methods are kept in variables before they are called, also with a part of their arguments."""

from functools import partial

import keras
import numpy as np
from keras import layers


def build(first: str, second: str) -> keras.Model:
    inputs = keras.Input((4,))
    body = layers.Dense(5)(inputs)
    return keras.Model(inputs, [layers.Dense(1, name=first)(body), layers.Dense(3, name=second)(body)])


x, one, three = np.ones((8, 4)), np.ones((8, 1)), np.zeros((8, 3))

shop = build("price", "demand")
prepare, learn = shop.compile, shop.fit
prepare(optimizer="adam", loss={"price": "mse", "demand": "mae"})  # expect[3.5.0, 3.6.0]: KER101
learn(x, [one, three], verbose=0)

moderator = build("toxicity", "sarcasm")
compile_with = partial(moderator.compile, optimizer="adam")
compile_with(loss={"toxicity": "mse", "sarcasm": "mae"})  # expect[3.5.0, 3.6.0]: KER101
moderator.fit(x, [one, three], verbose=0)
