"""ModelCheckpoint("best"): whether it saves."""

import tempfile
from pathlib import Path

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
path = Path(tempfile.mkdtemp()) / "best"
save = keras.callbacks.ModelCheckpoint(str(path))
model.fit(np.zeros((2, 1)), np.zeros((2, 1)), callbacks=[save], verbose=0)
seen = path.exists()
meant = True
