"""A discriminator that is frozen for the combined model after it was compiled: whether its own training changes it."""

import keras
import numpy as np

x, y = np.ones((8, 2), "float32"), np.zeros((8, 1), "float32")
judge = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
judge.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
maker = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
judge.trainable = False
noise = keras.Input((3,))
both = keras.Model(noise, judge(maker(noise)))
both.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
before = [np.array(weights) for weights in judge.get_weights()]
for _ in range(3):
    judge.train_on_batch(x, y)
    both.train_on_batch(np.ones((8, 3)), 1 - y)
seen = any(not np.allclose(old, new) for old, new in zip(before, judge.get_weights(), strict=True))
meant = True
