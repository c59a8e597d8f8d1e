"""The cached folder never holds half an installation, and what is missing is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from . import cache


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def half(target: Path) -> None:
        target.mkdir()
        raise cache.Missing("the network went away")

    with pytest.raises(cache.Missing, match="went away"):
        cache.once(tmp_path / "keras-3.5.0", half)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    made = []

    def make(target: Path) -> None:
        target.mkdir()
        made.append(target)

    for _ in range(2):
        assert cache.once(tmp_path / "keras-3.5.0", make).is_dir()
    assert len(made) == 1


def test_a_command_that_fails_shows_what_it_printed() -> None:
    with pytest.raises(cache.Missing, match=r"(?s)could not try.*no such luck"):
        cache.run("try", sys.executable, "-c", "raise SystemExit('no such luck')")


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("KERASLINT_KERAS_CACHE", raising=False)
    assert cache.cache_folder() == tmp_path / "keraslint"
    monkeypatch.setenv("KERASLINT_KERAS_CACHE", str(tmp_path / "own"))
    assert cache.cache_folder() == tmp_path / "own"
