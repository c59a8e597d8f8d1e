"""Which words of imported modules count for a file: those of modules behind which Keras itself is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint.analysis.import_graph import ImportGraph
from keraslint.analysis.modules import Project

NETS = "{imports}\n\ndef build():\n    net = keras.Model(x, [a, b])\n    net.compile('adam', loss=['mse', 'mae'])\n"
TRAIN = b'from nets import build\n\nbuild().fit(x, {"ripe": p, "defect": q})\n'


@pytest.mark.parametrize(
    ("imports", "counts"),
    [
        ("import keras", True),
        ("from tensorflow import keras", True),
        ("from tensorflow.keras import models as keras", True),
        ("import keras_hub as keras", True),
        ("from our.compat import keras", True),
        ('import importlib\n\nkeras = importlib.import_module("keras")', True),
        ("keras = object()", False),
        ("from keras_words import keras_names as keras", False),
    ],
)
def test_words_count_where_keras_is_imported(tmp_path: Path, imports: str, counts: bool) -> None:
    (tmp_path / "nets.py").write_text(NETS.replace("{imports}", imports))
    (tmp_path / "keras_words.py").write_text("keras_names = ()\n")
    words = ImportGraph(Project()).words(tmp_path / "train.py", TRAIN)
    assert words == ({"compile", "Model"} if counts else frozenset())
