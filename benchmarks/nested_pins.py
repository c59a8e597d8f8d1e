"""Times how long it takes to find the Keras releases of each checked file in a tree of nested projects.

    python benchmarks/nested_pins.py [PROJECTS [FILES]]

PROJECTS (2,000) projects of three dependency files each, ten to a folder and three folders deep, with FILES (5)
Python files in each. Prints the time per checked file and how often each dependency file was read.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from keraslint.pins.decode import read_text
from keraslint.pins.resolve import PinReader


def main() -> None:
    """Make the tree, resolve every file in it, and print the time."""
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    reads: Counter[Path] = Counter()

    def read(path: Path) -> str:
        reads[path] += 1
        return read_text(path)

    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / ".git").mkdir()
        checked = [path for number in range(projects) for path in lay(root, number, files)]
        start = time.perf_counter()
        reader = PinReader(read=read)
        answers = [reader.releases(path) for path in checked]
        seconds = time.perf_counter() - start
    assert all(answer.releases.versioned for answer in answers)
    dependencies = Counter(count for path, count in reads.items() if path.suffix != ".py")
    print(f"{projects:,} projects, {len(checked):,} checked files: {seconds:.2f} s")
    print(f"{seconds / len(checked) * 1e6:.0f} µs a checked file, {seconds / projects * 1e3:.2f} ms a project")
    print(f"dependency files by how often they were read: {dict(dependencies)}")


def lay(root: Path, number: int, files: int) -> list[Path]:
    """One project, and its Python files."""
    folder = root / f"a{number // 100}" / f"b{number // 10 % 10}" / f"c{number % 10}"
    (folder / "src").mkdir(parents=True)
    (folder / "requirements.txt").write_text(f"numpy\nkeras==3.{number % 15}.0\n-r more.txt\n")
    (folder / "more.txt").write_text("pandas\n" * 20)
    (folder / "pyproject.toml").write_text(f'[project]\nname = "p{number}"\ndependencies = ["keras>=3"]\n')
    paths = [folder / "src" / f"m{index}.py" for index in range(files)]
    for path in paths:
        path.write_text("import keras\n")
    return paths


if __name__ == "__main__":
    main()
