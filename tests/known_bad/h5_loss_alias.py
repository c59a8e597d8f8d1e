"""A model compiled with the loss "mse", saved as .h5: whether it can be loaded."""

import tempfile
from pathlib import Path

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.zeros((2, 1)), np.zeros((2, 1)), verbose=0)
path = str(Path(tempfile.mkdtemp()) / "model.h5")
model.save(path)
keras.saving.load_model(path)
seen = meant = "loaded"
