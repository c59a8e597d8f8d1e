"""``--profile`` names each stage that was reached and each file that was looked into; how long they took is no test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keraslint import profile
from keraslint.profile import profiling, timed, timed_file
from tests.command import outcome

MODEL = """\
import keras
inputs = keras.Input((3,))
outputs = [keras.layers.Dense(1, name=name)(inputs) for name in ("small", "big")]
model = keras.Model(inputs, outputs)
model.compile("sgd", loss={"small": "mse", "big": "mae"})
"""
SECONDS = re.compile(r" *(\d+\.\d\d)  (.+)")


def shown(stderr: str) -> dict[str, float]:
    """What has seconds beside it."""
    return {match[2]: float(match[1]) for line in stderr.splitlines() if (match := SECONDS.fullmatch(line))}


def test_stages_and_files(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(MODEL)
    (tmp_path / "other.py").write_text("import os\n")
    plain = outcome(tmp_path, "check", "--isolated", "--keras-version", "3.5.0", ".")
    code, out, err = outcome(tmp_path, "check", "--isolated", "--keras-version", "3.5.0", "--profile", ".")
    assert (code, out) == plain[:2]
    assert code == 1
    found = shown(err)
    assert "train.py" in found
    assert "other.py" not in found
    assert {"start", "find the files", "look at the bytes of each file", "parse", "interpret", "rules"} <= found.keys()
    assert {"the rest of each file", "report", "all else", "together"} <= found.keys()
    assert "Slowest of 1 files that were looked into:" in err
    assert "Seconds" not in plain[2]


def test_many_files_are_checked_in_one_process(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"train{number}.py").write_text(MODEL)
    code, _, err = outcome(tmp_path, "check", "--isolated", "--keras-version", "3.5.0", "--profile", "--jobs", "2", ".")
    assert code == 1
    assert "Slowest of 40 files that were looked into:" in err
    assert sum(name.startswith("train") for name in shown(err)) == 10


def test_a_stage_does_not_count_those_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100))
    monkeypatch.setattr(profile.time, "process_time", lambda: float(next(now)))
    with profiling() as found:  # it begins at 0
        with timed_file("a.py"), timed("outer"), timed("inner"):
            pass
        with pytest.raises(ValueError, match="an error"), timed("inner"):
            raise ValueError("an error")
    assert found.stages == {"inner": 2.0, "outer": 2.0, "the rest of each file": 2.0}
    assert found.files == {"a.py": 7.0}
    with timed("later"), timed_file("b.py"):
        pass
    assert list(found.stages) == ["inner", "outer", "the rest of each file"]
