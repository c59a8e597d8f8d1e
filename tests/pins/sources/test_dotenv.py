from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_paths
from keraslint.pins.resolve import project_releases

TF_BUG = """\
import tensorflow as tf

inputs = tf.keras.Input((4,))
small = tf.keras.layers.Dense(1, name="small")(inputs)
big = tf.keras.layers.Dense(64, name="big")(inputs)
model = tf.keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
model.fit(x, [y_small, y_big])
"""
BUG = TF_BUG.replace("import tensorflow as tf", "import keras").replace("tf.keras.", "keras.")


@pytest.mark.parametrize(
    ("name", "text", "legacy"),
    [
        (".env", "A=1\nTF_USE_LEGACY_KERAS=1\n", True),
        (".env", 'export TF_USE_LEGACY_KERAS = "True"  # old\n', True),
        (".env.local", "TF_USE_LEGACY_KERAS='true'\n", True),
        ("gpu.env", "TF_USE_LEGACY_KERAS=1\n", True),
        (".env", "TF_USE_LEGACY_KERAS=0\n", False),
        (".env", "TF_USE_LEGACY_KERAS=1\nTF_USE_LEGACY_KERAS=\n", False),
        (".env", "# TF_USE_LEGACY_KERAS=1\nMY_TF_USE_LEGACY_KERAS=1\n", False),
        (".env", "\0 [broken\n", False),
        (".env.example", "TF_USE_LEGACY_KERAS=1\n", False),
        ("Dockerfile", "FROM python\nENV TF_USE_LEGACY_KERAS=1 A=b\nRUN pip install tensorflow\n", True),
        ("Dockerfile", "FROM python\nENV TF_USE_LEGACY_KERAS 1\n", True),
        ("Dockerfile", "FROM python\nARG V=1\nENV TF_USE_LEGACY_KERAS=${V}\n", True),
        ("Dockerfile", "FROM python\nARG TF_USE_LEGACY_KERAS=1\n", False),
    ],
)
def test_the_variable_makes_tf_keras_keras_2(
    name: str, text: str, legacy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("src").mkdir()
    Path("requirements.txt").write_text("tensorflow==2.17.0\nkeras==3.5.0\n")
    Path(name).write_text(text)
    Path("src/legacy.py").write_text(TF_BUG)
    Path("src/plain.py").write_text(BUG)
    Path("src/code.py").write_text("import os\nos.environ['TF_USE_LEGACY_KERAS'] = '0'\n" + TF_BUG)
    assert project_releases(tmp_path / "src").releases.legacy is legacy
    found = {item.filename for item in check_paths(["src"], isolated=True)}
    assert found == {"src/plain.py", "src/code.py"} | (set() if legacy else {"src/legacy.py"})
