"""KERAS_BACKEND is set after keras was imported: the backend that runs."""

import os

import keras

meant = "torch" if keras.config.backend() == "jax" else "jax"
os.environ["KERAS_BACKEND"], before = meant, os.environ.get("KERAS_BACKEND")
import keras  # noqa: E402

seen = keras.config.backend()
os.environ["KERAS_BACKEND"] = before or seen
