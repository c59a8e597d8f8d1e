"""Calls whose models come from callers in other files: found, cleared, and left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import Diagnostic, check_paths

TRAINER = """\
def train(model, x, y):
    model.compile(optimizer="adam", loss={"small": "mse", "big": "mae"})
    model.fit(x, y)
"""

MAIN = """\
import keras
from trainer import train

inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
train(keras.Model(inputs, {outputs}), x, [a, b])
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "trainer.py").write_text(TRAINER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*paths: str) -> list[tuple[str, str]]:
    return [(one.filename, one.code) for one in check_paths(paths or ["."]) if one.code != "KER201"]


def test_a_caller_shows_the_model(project: Path) -> None:
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    assert said() == [("trainer.py", "KER101")]


def test_a_finding_from_a_caller_has_no_fix(project: Path) -> None:
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    (one,) = check_paths(["main.py", "trainer.py"])
    assert isinstance(one, Diagnostic)
    assert not one.fixes
    assert one.span.start.row == 2


def test_a_caller_shows_that_all_is_right(project: Path) -> None:
    (project / "trainer.py").write_text("import keras\n" + TRAINER)
    assert said() == [("trainer.py", "KER102")]
    (project / "main.py").write_text(MAIN.format(outputs="[big, small]"))
    assert said() == []


def test_one_caller_that_is_not_known_keeps_the_doubt(project: Path) -> None:
    (project / "trainer.py").write_text("import keras\n" + TRAINER)
    (project / "main.py").write_text(MAIN.format(outputs="[big, small]"))
    (project / "other.py").write_text(
        'import keras\nimport trainer\n\ntrainer.train(keras.models.load_model("m.keras"), x, y)\n'
    )
    assert said() == [("trainer.py", "KER102")]


def test_without_the_caller_among_the_checked_files_nothing_is_known(project: Path) -> None:
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    assert said("trainer.py") == []


def test_a_comment_suppresses_it(project: Path) -> None:
    (project / "trainer.py").write_text(TRAINER.replace('"mae"})', '"mae"})  # noqa: KER101'))
    (project / "main.py").write_text(MAIN.format(outputs="[small, big]"))
    assert said() == []
