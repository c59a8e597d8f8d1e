"""Times whole runs of the command on generated trees, and Ruff on the same trees if it is installed.

    python benchmarks/check.py [RUNS]

Prints the median and the range of the wall time of each, in seconds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PLAIN = '''\
"""A module without Keras."""

import re

NUMBERS = re.compile(r"\\d+")


def count(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for match in NUMBERS.finditer(text):
        found[match.group()] = found.get(match.group(), 0) + 1
    return found
'''

MODEL = """\
def build_{n}(width={n}):
    inputs = keras.Input((width,), name="in_{n}")
    hidden = inputs
    for size in (32, 16, 8):
        hidden = keras.layers.Dense(size, activation="relu")(hidden)
    heads = []
    for name in ("small_{n}", "big_{n}"):
        heads.append(keras.layers.Dense(3, name=name)(hidden))
    model = keras.Model(inputs, heads)
    model.compile(
        optimizer="adam",
        loss={{"small_{n}": "mse", "big_{n}": "mae"}},
        loss_weights={{"small_{n}": 1.0, "big_{n}": 0.5}},
    )
    return model


"""


def models(count: int, rows: int) -> str:
    """A program with ``count`` models and at least ``rows`` rows."""
    text = "import keras\n\n\n" + "".join(MODEL.format(n=n) for n in range(count))
    text += "".join(f"build_{n}().fit(x, [a, b])\n" for n in range(count))
    filler = (
        "\n\ndef helper_{n}(values):\n    total = 0\n"
        "    for value in values:\n        total += value\n    return total\n"
    )
    while text.count("\n") < rows:
        text += filler.format(n=text.count("\n"))
    return text


def trees(root: Path) -> Iterator[tuple[str, Path]]:
    """The trees by name."""
    contents = {
        "2,000 files without Keras": [PLAIN] * 2_000,
        "200 files with one model each": [models(1, 60)] * 200,
        "one file of 1,000 rows with ten models": [models(10, 1_000)],
        "2,000 files, 20 of them with models": [PLAIN] * 1_980 + [models(2, 80)] * 20,
    }
    for number, (title, texts) in enumerate(contents.items()):
        folder = root / str(number)
        for place, text in enumerate(texts):
            path = folder / f"package{place // 100}" / f"module{place}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / "requirements.txt").write_text("keras==3.5.0\n", encoding="utf-8")
        yield title, folder


def seconds(command: list[str], folder: Path) -> float:
    """Run a command and return its wall time."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Run the benchmark and print it."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    commands = {"keraslint": [sys.executable, "-m", "keraslint", "check", "."]}
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff:
        commands["ruff"] = [ruff, "check", "--isolated", "--no-cache", "."]
    with tempfile.TemporaryDirectory() as root:
        for title, folder in trees(Path(root)):
            for name, command in commands.items():
                seconds(command, folder)
                times = [seconds(command, folder) for _ in range(runs)]
                print(f"{title}: {name} {statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f})")


if __name__ == "__main__":
    main()
