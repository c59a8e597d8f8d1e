"""Conv2DTranspose(output_padding=1), saved and loaded: the height of its output before and after."""

import tempfile
from pathlib import Path

import keras

layer = keras.layers.Conv2DTranspose(1, 3, strides=3, output_padding=(1, 1))
model = keras.Sequential([keras.Input((7, 7, 1)), layer])
path = str(Path(tempfile.mkdtemp()) / "model.keras")
model.save(path)
seen = keras.saving.load_model(path).output_shape[1]
meant = model.output_shape[1]
