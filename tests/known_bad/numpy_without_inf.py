"""ModelCheckpoint and ReduceLROnPlateau with NumPy 2, which has no numpy.Inf: whether they can be made."""

import keras
import numpy as np

kept = np.Inf
del np.Inf
try:
    keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True)
    keras.callbacks.ReduceLROnPlateau()
finally:
    np.Inf = kept
seen = meant = "made"
