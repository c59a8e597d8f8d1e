"""A dict of losses behind a look-up that fails, a tuple in the handler and before."""

import keras
import numpy as np
from keras import layers

x = np.ones((8, 4))
y = [np.ones((8, 3)), np.ones((8, 1))]
RATES = {"slow": 0.001}


def build():
    inputs = keras.Input((4,))
    outputs = [layers.Dense(3, name="rain")(inputs), layers.Dense(1, name="frost")(inputs)]
    return keras.Model(inputs, outputs)


first = build()
try:
    first.compile(keras.optimizers.SGD(RATES["fast"]), loss={"rain": "mse", "frost": "mae"})
except KeyError:
    first.compile("sgd", loss=("mse", "mae"))
first.fit(x, y, verbose=0)

second = build()
second.compile("sgd", loss=("mse", "mae"))
try:
    second.get_layer("snow").trainable = False
    second.compile("sgd", loss={"rain": "mse", "frost": "mae"})
except ValueError:
    print("no snow")
second.fit(x, y, verbose=0)

third = build()
try:
    third.compile("sgd", loss={"rain": "mse", "frost": "mae"})  # expect[3.5.0, 3.6.0]: KER101
except ValueError:
    third.compile("sgd", loss=("mse", "mae"))
third.fit(x, y, verbose=0)

fourth = build()
fourth.compile("sgd", loss={"rain": "mse", "frost": "mae"})
try:
    fourth.get_layer("rain")
    fourth.compile("adam", loss={"rain": "mse", "frost": "mae"})  # expect[3.5.0, 3.6.0]: KER101
except ValueError:
    print("no rain")
fourth.fit(x, y, verbose=0)
