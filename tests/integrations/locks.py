"""Locks that tools have made, by what they were made of, without the lists of files that may be downloaded.

``python -m tests.integrations.renew`` makes all of them anew.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

FILE = Path(__file__).with_name("locks.jsonl")

SHARE = 5
"""In one of so many cases of a tool the tool itself makes the locks; in the others they are those that are recorded."""

State = Mapping[str, str]
"""The texts of pyproject.toml and, where it is there, of the lock, by name."""


def is_live(case: str, cases: Sequence[str]) -> bool:
    """True if the tool itself runs in a case: in one of SHARE, another one on another run, and in all for a renewal."""
    share = min(SHARE, len(cases))
    return renewal() is not None or (cases.index(case) - int(os.environ["KERASLINT_SEED"])) % share == 0


def recorded(tool: str, arguments: Sequence[str], state: State) -> tuple[str, str] | None:
    """The version of the tool and the lock that it made of a state; None where this is not recorded."""
    return _known().get(_key(tool, arguments, state))


def note_down(tool: str, version: str, arguments: Sequence[str], state: State, lock: str) -> None:
    """Record in a renewal what a tool made of a state."""
    if (path := renewal()) is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([_key(tool, arguments, state), version, without_files(lock)]) + "\n")


def without_files(lock: str) -> str:
    """The text of a lock without its lists of files and their hashes."""
    return re.sub(r"^(?: *\{ ?(?:file|url) = |sdist = ).*\n", "", lock, flags=re.MULTILINE)


def renewal() -> Path | None:
    """The file that a renewal writes; None in a run of the tests."""
    path = os.environ.get("KERASLINT_RENEWAL_OF_LOCKS")
    return Path(path) if path else None


def _key(tool: str, arguments: Sequence[str], state: State) -> str:
    texts = {name: without_files(text) for name, text in sorted(state.items())}
    return hashlib.sha256(json.dumps([tool, *arguments, texts]).encode()).hexdigest()[:16]


@functools.cache
def _known() -> dict[str, tuple[str, str]]:
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    return {key: (version, lock) for key, version, lock in map(json.loads, lines)}
