"""Work in several processes: its order, a process that dies, and an interrupt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from keraslint.engine.pool import Died, spread


def double(items: Sequence[int]) -> Iterator[int]:
    for item in items:
        if item in (13, 113, 149):
            os.kill(os.getpid(), signal.SIGKILL)
        yield 2 * item


def test_the_results_come_in_order() -> None:
    assert list(spread(double, range(50, 100), 2)) == [(item, 2 * item) for item in range(50, 100)]
    assert list(spread(double, range(0), 2)) == []


def test_a_process_that_dies_costs_the_item_that_it_worked_on() -> None:
    found = dict(spread(double, range(100, 150), 2))
    assert [item for item, result in found.items() if isinstance(result, Died)] == [113, 149]
    assert {item: result for item, result in found.items() if not isinstance(result, Died)} == {
        item: 2 * item for item in range(100, 150) if item not in (113, 149)
    }
    only = dict(spread(double, [13], 1))[13]
    assert isinstance(only, Died)
    assert only.how == "was ended by signal 9 (Killed)"


KILLED = """\
import os, pathlib, signal, sys, time
from keraslint.engine.pool import spread

def work(items):
    for item in items:
        pathlib.Path(f"process{os.getpid()}").touch()
        time.sleep(0.1)
        yield item

if __name__ == "__main__":
    for number, _ in enumerate(spread(work, range(60_000), 3)):
        if number == 6:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_first_process_that_is_killed_leaves_no_other(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(KILLED)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, env=environment, timeout=900, check=False)
    assert done.returncode == -signal.SIGKILL
    left = {int(path.name.removeprefix("process")) for path in tmp_path.glob("process*")}
    assert len(left) == 3
    end = time.monotonic() + 900
    while left and time.monotonic() < end:
        left = {process for process in left if runs(process)}
        time.sleep(0.05)
    assert left == set()


def runs(process: int) -> bool:
    """Return True if a process runs; False also for one that has ended and that nobody has asked for its code."""
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


INTERRUPTED = """\
import os, pathlib, signal, time
from keraslint.engine.pool import spread

def work(items):
    if 0 in items:
        os.killpg(os.getpgrp(), signal.SIGINT)
    for item in items:
        time.sleep(0.1)
        pathlib.Path(f"done{item}").touch()
        yield item

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is started deaf to it
    try:
        list(spread(work, range(64), 2))
    except KeyboardInterrupt:
        print("stopped")
"""


def test_an_interrupt_ends_what_is_under_way_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(INTERRUPTED)
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=900,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
    assert (tmp_path / "done0").exists()
    assert not (tmp_path / "done60").exists()
