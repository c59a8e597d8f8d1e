"""Records of what pinned Keras releases did with programs: a release does the same with a text each time it is asked.

An answer is looked up by all that it depends on: the text, the release, the script that runs it (see ``key``), what the
release runs on, and keraslint's own runtime for what imports that. No verdict of the linter is recorded. Measured on
the real release is what has no record, and a tenth of the rest, another tenth on each run: an answer that differs from
its record raises Changed. ``$KERASLINT_SEED`` chooses the tenth: a fifth of the texts, on half of the releases, since
each release costs the time to import it. Of a script with many texts for a release it is a tenth on that release.

``python -m tests.keras.renew`` writes the records.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import io
import json
import math
import os
import threading
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).with_name("records")
RUNTIME = Path(__file__).parents[2] / "src" / "keraslint" / "runtime.py"
PINS = Path(__file__).with_name("environment.txt")
RELEASES = ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.14.0", "3.15.1")
"""The releases that records are of, whatever stands after them: a "-" and the backend."""

MANY = 400
"""Records of a script for one release of which a tenth is worth a process that imports it, on each run."""

T = TypeVar("T")

Book = dict[str, dict[str, Any]]
"""Answers by key and release."""

asked, measured, unrecorded = Counter[str](), Counter[str](), Counter[str]()
"""How many answers were asked for in this process, by script; how many of them were measured; and had no record."""

_write_lock = threading.Lock()
_parse_lock = threading.Lock()


class Changed(AssertionError):
    """A release did something else with a text than is recorded."""


def seed() -> str:
    """The text that chooses the tenth that is measured again."""
    return os.environ.get("KERASLINT_SEED", "0")


def answers(
    script: str, release: str, texts: Mapping[str, T], measure: Callable[[list[T]], list[Any]], shares: int = 1
) -> dict[str, Any]:
    """The answer of the release to each text, by key: from the records of the script, else from ``measure``.

    ``measure`` is given texts in up to so many shares at the same time. Raises Changed.
    """
    known = {one: by_release[release] for one, by_release in _known(script).items() if release in by_release}
    chosen = _chosen(script, release)
    due = [one for one in texts if one not in known or one in chosen]
    full = max(1, len(due) // 40)  # a process that imports Keras for fewer is not worth it
    parts = full if renewal() else min(shares, full)

    def fresh(share: list[str]) -> dict[str, Any]:
        found = dict(zip(share, measure([texts[one] for one in share]), strict=True))
        _note_down("measured", script, release, found)
        return found

    split = [due[start::parts] for start in range(min(parts, len(due)))]
    with ThreadPoolExecutor(shares) as pool:
        now = {one: answer for found in pool.map(fresh, split) for one, answer in found.items()}
    asked[script] += len(texts)
    measured[script] += len(due)
    unrecorded[script] += len(set(due) - known.keys())
    for one in now.keys() & known.keys():
        if not alike(now[one], known[one]):
            was = f"and {known[one]} is recorded (KERASLINT_SEED={seed()})"
            raise Changed(f"Keras {release} did {now[one]}\n{was}, of\n{texts[one]}")
    everything = {one: now[one] if one in now else known[one] for one in texts}
    _note_down("asked", script, release, everything)
    return everything


def key(text: str, *scripts: Path) -> str:
    """A short hash of all but the release that an answer depends on: a text that the code of scripts runs."""
    parts = [text, _pins(), *map(code_of, scripts)]
    if any("keraslint.runtime" in part for part in parts):
        parts.append(code_of(RUNTIME))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def code_of(path: Path) -> str:
    """The source of a module without its comments, docstrings and empty lines: its behaviour doesn't depend on them."""
    with _parse_lock:  # Python 3.11 may raise SystemError where two threads parse at the same time
        return _code_of(path)


@functools.cache
def _code_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            docstring = node.body[0]
            end = docstring.end_lineno or docstring.lineno
            lines[docstring.lineno - 1 : end] = [""] * (end - docstring.lineno + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def alike(one: Any, other: Any) -> bool:
    """True if two answers are equal; the last digits of what was trained may differ from one processor to another."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-6)
    return bool(one == other)


def renewal() -> Path | None:
    """The folder in which a renewal of the records notes what is measured and asked; None in a run of the tests."""
    folder = os.environ.get("KERASLINT_RENEWAL")
    return Path(folder) if folder else None


def read(script: str) -> Book:
    """The records of a script; none where it has no file."""
    path = FOLDER / f"{script}.jsonl"
    if not path.exists():
        return {}
    shapes, *lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {
        one: {release: _unpacked(answer, shapes) for releases, answer in by_releases for release in releases.split()}
        for one, by_releases in lines
    }


def write(script: str, book: Book) -> None:
    """Make the records of a script be just these: a line for each key, its equal answers once.

    The first line holds the keys of each kind of object; below, an object is its values under the number of its kind.
    """
    lines = []
    shapes = sorted(
        {shape for by_release in book.values() for answer in by_release.values() for shape in _shapes(answer)}
    )
    numbers = {shape: number for number, shape in enumerate(shapes)}
    for one, by_release in sorted(book.items()):
        groups: dict[str, list[str]] = {}
        for release, answer in sorted(by_release.items()):
            groups.setdefault(json.dumps(_packed(answer, numbers), separators=(",", ":")), []).append(release)
        told = ",".join(f"[{json.dumps(' '.join(releases))},{answer}]" for answer, releases in groups.items())
        lines.append(f'["{one}",[{told}]]\n')
    FOLDER.mkdir(exist_ok=True)
    head = json.dumps(shapes, separators=(",", ":"))
    (FOLDER / f"{script}.jsonl").write_text("".join([f"{head}\n", *lines]), encoding="utf-8")


def noted(folder: Path) -> dict[str, Book]:
    """The answers that a renewal has noted in a folder so far, by script."""
    books: dict[str, Book] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.endswith("]"):  # else it was cut off
                script, one, release, answer = json.loads(line)
                books.setdefault(script, {}).setdefault(one, {})[release] = answer
    return books


def _shapes(value: Any) -> Iterator[tuple[str, ...]]:
    """The keys of the objects in an answer."""
    if isinstance(value, dict):
        yield tuple(value)
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _shapes(part)


def _packed(value: Any, numbers: Mapping[tuple[str, ...], int]) -> Any:
    if isinstance(value, dict):
        return {str(numbers[tuple(value)]): [_packed(part, numbers) for part in value.values()]}
    return [_packed(part, numbers) for part in value] if isinstance(value, list) else value


def _unpacked(value: Any, shapes: list[list[str]]) -> Any:
    if isinstance(value, dict):
        ((number, parts),) = value.items()
        return dict(zip(shapes[int(number)], (_unpacked(part, shapes) for part in parts), strict=True))
    return [_unpacked(part, shapes) for part in value] if isinstance(value, list) else value


@functools.cache
def _known(script: str) -> Book:
    folder = renewal()
    known = read(script) if folder is None or "KERASLINT_RENEW_ALL" not in os.environ else {}
    for one, by_release in (noted(folder / "measured").get(script, {}) if folder else {}).items():
        known.setdefault(one, {}).update(by_release)
    return known


@functools.cache
def _chosen(script: str, release: str) -> frozenset[str]:
    """The keys of the records of a release that are measured again."""
    if renewal() is not None:
        return frozenset()
    recorded = [one for one, by_release in _known(script).items() if release in by_release]
    if len(recorded) >= MANY:
        share = 0.1
    elif release.partition("-")[0] in chosen_releases(seed()):
        share = 0.2
    else:
        return frozenset()
    part = (
        _number(f"{seed()} {script} {release}") / 2**32
    )  # of a text: so it's the tenth on average, whatever the number
    count = int(share * len(recorded) + part)
    return frozenset(sorted(recorded, key=lambda one: _number(f"{seed()} {one} {release}"))[:count])


@functools.cache
def chosen_releases(seed: str) -> tuple[str, ...]:
    """The half of the releases on which answers are measured again."""
    return tuple(sorted(RELEASES, key=lambda release: _number(f"{seed} {release}"))[: len(RELEASES) // 2])


def _number(text: str) -> int:
    """A number that looks random, and is the same for a text each time."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _note_down(part: str, script: str, release: str, found: dict[str, Any]) -> None:
    if (folder := renewal()) is None:
        return
    lines = [json.dumps([script, one, release, answer]) + "\n" for one, answer in found.items()]
    with _write_lock, (folder / part / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write("".join(lines))


@functools.cache
def _pins() -> str:
    lines = PINS.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))
