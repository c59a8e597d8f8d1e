"""Work in several processes: its order, a process that dies, and an interrupt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from keraslint.engine.pool import spread


def double(items: Sequence[int]) -> list[int]:
    if 13 in items:
        os.kill(os.getpid(), signal.SIGKILL)
    return [2 * item for item in items]


def test_the_shares_come_in_order() -> None:
    shares = list(spread(double, range(100, 150), 2))
    assert [item for share, _ in shares for item in share] == list(range(100, 150))
    assert [result for _, results in shares for result in results or ()] == list(range(200, 300, 2))
    assert len(shares) > 2


def test_a_share_whose_process_died_has_no_result() -> None:
    shares = list(spread(double, [13], 1))
    assert shares == [([13], None)]


INTERRUPTED = """\
import os, pathlib, signal, time
from keraslint.engine.pool import spread

def work(items):
    if 0 in items:
        os.killpg(os.getpgrp(), signal.SIGINT)
    time.sleep(0.3)
    pathlib.Path(f"done{items[0]}").touch()
    return items

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
