"""model.predict_classes: the classes."""

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, activation="softmax", kernel_initializer="zeros")])
seen = model.predict_classes(np.ones((2, 1))).tolist()
meant = [0, 0]
