"""@cached_property building a model is rerun at each access."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
ys = np.ones((8, 1))
yb = np.ones((8, 3))
from functools import cached_property


class T:
    @cached_property
    def model(self):
        inp = keras.Input((4,))
        h = layers.Dense(3)(inp)
        h = layers.Dense(3)(h)
        h = layers.Dense(3)(h)
        return keras.Model(inp, [layers.Dense(1)(h), layers.Dense(3)(h)])


t = T()
t.model.summary(print_fn=lambda *a, **k: None)
t.model.summary(print_fn=lambda *a, **k: None)
names = t.model.output_names
t.model.compile("sgd", loss=dict(zip(names, ["mse", "mae"])))
t.model.fit(x, [ys, yb], verbose=0)
