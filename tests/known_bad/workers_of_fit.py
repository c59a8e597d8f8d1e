"""fit(workers=2): whether it trains."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((2, 1)), np.ones((2, 1)), workers=2, verbose=0)
seen = meant = "trains"
