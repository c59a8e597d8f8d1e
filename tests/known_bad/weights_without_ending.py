"""model.save_weights("model.h5"): whether it saves."""

import tempfile
from pathlib import Path

import keras

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
path = Path(tempfile.mkdtemp()) / "model.h5"
model.save_weights(str(path))
seen = path.exists()
meant = True
