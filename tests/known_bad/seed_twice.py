"""keras.utils.set_random_seed(0) before each of two draws of keras.random.normal: whether they are equal."""

import keras
import numpy as np

drawn = []
for _ in range(2):
    keras.utils.set_random_seed(0)
    drawn.append(np.asarray(keras.random.normal((3,))))
seen = bool(np.allclose(*drawn))
meant = True
