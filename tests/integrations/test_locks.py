"""Recorded locks: which cases a tool runs itself, and what is replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import locks

LOCK = """\
[[package]]
name = "keras"
version = "3.6.0"
files = [
    {file = "keras-3.6.0-py3-none-any.whl", hash = "sha256:1"},
]
"""
SHORT = '[[package]]\nname = "keras"\nversion = "3.6.0"\nfiles = [\n]\n'
STATE = {"pyproject.toml": "[project]\n"}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KERASLINT_RENEWAL_OF_LOCKS", raising=False)
    monkeypatch.setattr(locks, "FILE", tmp_path / "locks.jsonl")
    locks._known.cache_clear()
    return tmp_path / "locks.jsonl"


@pytest.mark.parametrize("count", [1, 3, 7])
def test_each_run_has_a_case_that_the_tool_runs_itself_and_each_case_has_its_turn(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [str(number) for number in range(count)]
    turns = []
    for seed in range(locks.SHARE * count):
        monkeypatch.setenv("KERASLINT_SEED", str(seed))
        turns.append({case for case in cases if locks.is_live(case, cases)})
    assert all(turns)
    assert set().union(*turns) == set(cases)


def test_a_renewal_runs_all_of_them_and_what_it_notes_down_is_replayed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERASLINT_RENEWAL_OF_LOCKS", str(file))
    assert all(locks.is_live(case, "ab") for case in "ab")
    locks.note_down("pdm", "2.1", ["lock"], STATE, LOCK)
    assert locks.recorded("pdm", ["lock"], STATE) == ("2.1", SHORT)
    assert locks.recorded("pdm", ["lock"], STATE | {"pdm.lock": LOCK}) is None
    assert locks.recorded("poetry", ["lock"], STATE) is None


def test_a_lock_and_what_is_recorded_of_it_are_one_state(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERASLINT_RENEWAL_OF_LOCKS", str(file))
    locks.note_down("pdm", "2.1", ["update"], STATE | {"pdm.lock": LOCK}, LOCK)
    assert locks.recorded("pdm", ["update"], STATE | {"pdm.lock": SHORT}) == ("2.1", SHORT)
