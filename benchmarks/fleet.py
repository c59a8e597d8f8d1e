"""Times `keraslint fleet` over generated repositories: one and two workers, and its memory as the corpus grows.

    python benchmarks/fleet.py [--sizes 1000,5000] [--engines local,dask] [--workers 1,2] [--keep FOLDER]

Prints a table: repositories, processor seconds of all processes, seconds of the clock, repositories for each processor
second, and the most memory of the first process and of all of them together. The corpus is made from a seed.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow
from pyarrow import parquet

if __package__:
    from .check import PLAIN, models
else:
    from check import PLAIN, models

PINS = ("keras==3.5.0\n", "keras>=3.4,<3.7\n", "keras==3.9.2\n", "tensorflow==2.17.0\n", "numpy\n", "")


def repository(seed: int) -> dict[str, str]:
    """The files of one repository: most have no Keras, some mention it, and one of three has a model."""
    dice = random.Random(seed)
    files = {f"package/module{number}.py": PLAIN for number in range(dice.randint(2, 12))}
    files["package/notes.py"] = '"""Helpers around keras."""\n' + PLAIN
    if dice.random() < 1 / 3:
        files["package/models.py"] = models(dice.randint(1, 2), 60)
        files["train.py"] = "import keras\nfrom package.models import build_0\n\nbuild_0().fit(x, [a, b])\n"
    if pin := dice.choice(PINS):
        files["requirements.txt"] = pin
    return files


def corpus(path: Path, count: int) -> None:
    """Write a data set of so many repositories, 200 in each row group."""
    schema = pyarrow.schema([(name, pyarrow.string()) for name in ("repository", "path", "content")])
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, count, 200):
            rows = [
                {"repository": f"owner{seed % 97}/name{seed}", "path": name, "content": text}
                for seed in range(start, min(start + 200, count))
                for name, text in repository(seed).items()
            ]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))


class Memory(threading.Thread):
    """Looks at the memory of a process, and of it with all below it, as long as it runs."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.first = self.all = 0
        self._process = process

    def run(self) -> None:
        """Look twice a second."""
        try:
            process = psutil.Process(self._process)
            while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                first = process.memory_info().rss
                below = sum(_resident(one) for one in process.children(recursive=True))
                self.first, self.all = max(self.first, first), max(self.all, first + below)
                time.sleep(0.5)
        except psutil.Error:
            return


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def measured(source: Path, count: int, engine: str, workers: int, folder: Path) -> str:
    """The line of one run."""
    out = folder / f"{count}-{engine}-{workers}.parquet"
    command = [sys.executable, "-m", "keraslint", "fleet", str(source), "-q", "-o", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--engine", engine, "--jobs", str(workers)])
    memory = Memory(process.pid)
    memory.start()
    _, status, usage = os.wait4(process.pid, 0)
    clock, spent = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    memory.join(2)
    rows = parquet.read_table(out, columns=["kind"]).column(0).to_pylist()
    if (
        os.waitstatus_to_exitcode(status)
        or rows.count("checked") != count
        or "failure" in rows
        or "finding" not in rows
    ):
        raise SystemExit(f"{engine}: not all was checked: {status}, {rows.count('checked')} of {count}")
    rates = f"{count / spent:.0f} | {rows.count('finding')} | {memory.first / 1e6:.0f} | {memory.all / 1e6:.0f}"
    return f"| {count} | {engine} | {workers} | {spent:.1f} | {clock:.1f} | {rates} |"


def table(sizes: list[int], engines: list[str], workers: list[int], folder: Path) -> Iterator[str]:
    """The lines of the table, each as soon as it is known."""
    yield "| repositories | engine | workers | processor s | clock s | per processor s | findings | first MB | all MB |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for count in sizes:
        source = folder / f"{count}.parquet"
        corpus(source, count)
        for engine in engines:
            for number in workers:
                yield measured(source, count, engine, number, folder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,5000")
    parser.add_argument("--engines", default="local,dask")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--keep", type=Path, help="a folder for the corpora and outputs")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = args.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        sizes, workers = ([int(one) for one in text.split(",")] for text in (args.sizes, args.workers))
        for line in table(sizes, args.engines.split(","), workers, folder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
