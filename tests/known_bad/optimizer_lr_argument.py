"""Adam(lr=0.5): the learning rate."""

import keras
import numpy as np

optimizer = keras.optimizers.Adam(lr=0.5)
seen = round(float(np.asarray(optimizer.learning_rate)), 3)
meant = 0.5
