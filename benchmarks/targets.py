"""Measures keraslint beside flake8, Ruff, TorchFix, libcst and plain reading, and prints how far each target is met.

    python benchmarks/targets.py [--small] [--runs N] [--rows NAME,...] [--peers FOLDER]

The trees are made from texts that never change; keras 3.15.1 and the peers come from PyPI, each peer in an environment
of its own below FOLDER. Each command and its peer run in turns; the least processor time counts, with that of all
processes that they start. What each printed is looked at, so that none is fast because it did nothing. ``--small`` is
a quick look that everything works, without downloads: its figures say nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

if __package__:
    from .check import PLAIN
    from .server import session, slowest
else:
    from check import PLAIN
    from server import session, slowest

_KERAS = "keras==3.15.1"
_PEERS = {"flake8": ["flake8"], "ruff": ["ruff"], "torchfix": ["torchfix", "flake8", "setuptools<81"]}
_MENTIONS = PLAIN.replace("A module without Keras", "A helper for programs with Keras")
_TWO_HEADS = """\
import keras

inputs = keras.Input((16,))
hidden = keras.layers.Dense(32, activation="relu")(inputs)
small = keras.layers.Dense(1, activation="sigmoid", name="small")(hidden)
big = keras.layers.Dense(64, activation="softmax", name="big")(hidden)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "binary_crossentropy", "big": "categorical_crossentropy"})
model.fit(x, [y_small, y_big])
"""
_EACH = """\
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
"""
_READ, _PARSE = _EACH, "import libcst\n" + _EACH + "            libcst.parse_module(data)\n"
_CHECK = [sys.executable, "-m", "keraslint", "check", "--isolated", "--output-format", "json-lines"]


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds of the processors, seconds of the clock, MB of memory."""

    spent: float
    clock: float
    megabytes: float


@dataclass(frozen=True)
class Row:
    """One row: our command and that of a peer, what each has to print, and the ratio that is wanted."""

    name: str
    ours: list[str]
    peer: str
    theirs: list[str]
    target: float
    printed: Callable[[str], bool]
    printed_by_peer: Callable[[str], bool] = lambda _: True
    by_clock: bool = False


def cost(command: Sequence[str], right: Callable[[str], bool]) -> Cost:
    """Run a command, and look at what it printed."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd="/")
        _, _, usage = os.wait4(process.pid, 0)
        clock = time.perf_counter() - start
        out.seek(0)
        if not right(text := out.read().decode("utf-8", "replace")):
            raise SystemExit(f"{' '.join(command)}\nprinted what it should not have:\n{text[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / 1000)


def written(folder: Path, text: str, count: int) -> Path:
    """A tree of so many files with one text, a hundred in each folder."""
    for number in range(count):
        path = folder / f"package{number // 100}" / f"module{number}.py"
        if not number % 100:
            path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return folder


def findings(count: int) -> Callable[[str], bool]:
    """True for so many findings of KER101 as JSON Lines."""
    return lambda text: text.count('"KER101"') == count


def lines(least: int) -> Callable[[str], bool]:
    """True for at least so many lines."""
    return lambda text: text.count("\n") >= least


def trees(root: Path, files: int) -> Iterator[Row]:
    """The rows over trees that are made here."""
    written(root / "one", PLAIN, 1)
    for name, count in (("many", files), ("more", files * 10)):
        tree = written(root / name, _MENTIONS, count)
        read = [sys.executable, "-c", _READ, f"{tree}"]
        title = f"{count:,} files with the word Keras"
        yield Row(title, [*_CHECK, "--jobs", "1", f"{tree}"], "listing and reading", read, 3, findings(0))
    tree = written(root / "models", _TWO_HEADS, files // 10)
    ours = [*_CHECK, "--keras-version", "3.5.0", f"{tree}", "--jobs"]
    parse, found = [sys.executable, "-c", _PARSE, f"{tree}"], findings(files // 10)
    yield Row(f"{files // 10:,} two-headed models", [*ours, "1"], "libcst.parse_module", parse, 1.5, found)
    title = f"{files // 10:,} two-headed models, two processes"
    yield Row(title, [*ours, "2"], "one process", [*ours, "1"], 1 / 1.7, found, found, by_clock=True)


def peers(root: Path, folder: Path) -> Iterator[Row]:
    """The rows over the package of Keras, beside other linters."""
    package = root / "keras-package"
    _pip(sys.executable, "--no-deps", "--target", str(package), _KERAS)
    flake8, ruff, torchfix = (environment(folder / name, packages) / name for name, packages in _PEERS.items())
    torchfix = torchfix.with_name("flake8")
    tree, trainers = package / "keras", package / "keras" / "src" / "trainers"
    ours = [*_CHECK, "--keras-version", "3.5.0", "--jobs", "1"]
    plain = [str(flake8), "--isolated", "-j", "1"]
    fast = [str(ruff), "check", "--isolated", "--no-cache", "--exit-zero"]
    chosen = [str(torchfix), "--isolated", "-j", "1", "--select", "TOR0,TOR1,TOR2,TOR9"]
    fine = lambda text: "error:" not in text  # noqa: E731
    yield Row(f"{_KERAS}, the package", [*ours, str(tree)], "flake8", [*plain, str(tree)], 1 / 16, fine, lines(100))
    yield Row(f"{_KERAS}, the package", [*ours, str(tree)], "Ruff", [*fast, str(tree)], 5, fine, lines(1))
    yield Row("keras/src/trainers", [*ours, str(trainers)], "TorchFix", [*chosen, str(trainers)], 1 / 100, fine)
    one = root / "one"
    yield Row("one file without Keras", [*_CHECK, str(one)], "flake8", [*plain, str(one)], 1, findings(0))


def environment(folder: Path, packages: Sequence[str]) -> Path:
    """The folder of the commands of an environment with these packages, made where it is not there."""
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        _pip(str(folder / "bin" / "python"), *packages)
        (folder / "made").touch()
    return folder / "bin"


def _pip(python: str, *arguments: str) -> None:
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def measured(row: Row, runs: int) -> str:
    """The line of a row."""
    pairs = [(cost(row.ours, row.printed), cost(row.theirs, row.printed_by_peer)) for _ in range(runs)]
    ours, theirs = zip(*pairs, strict=True)
    if row.by_clock:
        mine, other = min(one.clock for one in ours), min(one.clock for one in theirs)
    else:
        mine, other = min(one.spent for one in ours), min(one.spent for one in theirs)
    ratio, memory = mine / other, max(one.megabytes for one in ours)
    met = "yes" if ratio <= row.target else "no"
    figures = f"{mine:.2f} | {row.peer} | {other:.2f} | {_times(ratio)} | {_times(row.target)} | {met} | {memory:.0f}"
    return f"| {row.name} | {figures} |"


def _times(ratio: float) -> str:
    return f"{ratio:.2f} times" if ratio >= 0.5 else f"1/{1 / ratio:.1f}"


def server() -> str:
    """The line of the language server."""
    _, times, _ = session(100)
    figure, name = slowest(times) * 1000, "server: an edit of 1,000 lines with ten models to its diagnostics, p95"
    return f"| {name} | {figure:.0f} ms | | | | 30 ms | {'yes' if figure <= 30 else 'no'} | |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", default="", help="only rows whose name or peer has one of these words in it")
    parser.add_argument("--peers", type=Path, help="a folder for the environments of the peers")
    args = parser.parse_args()
    words = [word for word in args.rows.split(",") if word]
    print(
        "| work | keraslint s | beside | its s | ratio | target | met | MB |\n|---|---|---|---|---|---|---|---|",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        rows = list(trees(root, 100 if args.small else 10_000))
        if not args.small:
            rows += peers(root, args.peers or root / "peers")
        for row in rows:
            if not words or any(word in f"{row.name} {row.peer}" for word in words):
                print(measured(row, 1 if args.small else args.runs), flush=True)
    if not args.small and (not words or "server" in words):
        print(server(), flush=True)


if __name__ == "__main__":
    main()
