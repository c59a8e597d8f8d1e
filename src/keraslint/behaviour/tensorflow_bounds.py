"""The Keras that each TensorFlow requires: the bounds in the metadata of TensorFlow's wheels."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from packaging.specifiers import SpecifierSet
from packaging.version import Version


@cache
def keras_bounds() -> dict[Version, SpecifierSet]:
    """Return the Keras versions that each TensorFlow release from 2.16 on requires, ascending.

    They are read from the data file in this folder (tools/measure_tensorflow.py).
    """
    text = resources.files(__package__).joinpath("tensorflow_releases.json").read_text(encoding="utf-8")
    return {Version(key): SpecifierSet(value) for key, value in json.loads(text)["keras"].items()}
