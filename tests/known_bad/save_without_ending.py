"""model.save to a path without an ending: whether it saves."""

import tempfile
from pathlib import Path

import keras

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
path = Path(tempfile.mkdtemp()) / "model"
model.save(str(path))
seen = path.exists()
meant = True
