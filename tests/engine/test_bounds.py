"""What one file may cost is bounded by the system, too; a process that dies costs its file, after a second try."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from keraslint.config.settings import Settings
from keraslint.engine.bounds_of_process import bounded_memory
from keraslint.engine.discovery import InputFile
from keraslint.engine.run import MIN_FILES_FOR_POOL, check_files
from keraslint.limits import Bounds

MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
"""
# Checks the files of this folder; what happens to "train_7.py" stands in STEP.
RUN = """\
import os, signal, sys
from pathlib import Path
from keraslint.cli import main
from keraslint.engine import checker

whole = checker.Checker._check_source

def check_source(self, document, *arguments):
    if document.path.endswith("train_7.py"):
        {step}
    return whole(self, document, *arguments)

checker.Checker._check_source = check_source
sys.exit(main(["check", "--keras-version=3.5.0", "--output-format=concise", "--jobs={jobs}", *sys.argv[1:], "."]))
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux bounds memory")


def checked(tmp_path: Path, step: str, *arguments: str, jobs: int = 2) -> tuple[str, str]:
    """What a run prints on stdout and stderr."""
    folder = tmp_path / "project"
    folder.mkdir()
    for number in range(MIN_FILES_FOR_POOL + 1):
        (folder / f"train_{number}.py").write_text(MODEL)
    (tmp_path / "run.py").write_text(RUN.format(step=step, jobs=jobs))
    command = [sys.executable, str(tmp_path / "run.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    return done.stdout, done.stderr


def test_memory_is_bounded_within_a_block_alone() -> None:
    with bounded_memory(50), pytest.raises(MemoryError):
        bytearray(200_000_000)
    assert len(bytearray(200_000_000)) == 200_000_000


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_needs_too_much_memory_is_named(tmp_path: Path, jobs: int) -> None:
    out, err = checked(tmp_path, "kept = [bytearray(10**8) for _ in range(9)]", "--file-memory=400", jobs=jobs)
    assert "error: train_7.py: its check takes more memory than --file-memory allows\n" in err
    assert out.count("KER101") == MIN_FILES_FOR_POOL


@pytest.mark.slow
def test_a_process_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    step = f"mark = Path({str(tmp_path / 'killed')!r})\n        if not mark.exists():\n"
    step += "            mark.touch()\n            os.kill(os.getpid(), signal.SIGKILL)"
    (tmp_path / "run.py").write_text(RUN.format(step=step, jobs=2))
    folder.mkdir()
    for number in range(MIN_FILES_FOR_POOL + 1):
        (folder / f"train_{number}.py").write_text(MODEL)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, str(tmp_path / "run.py")]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (tmp_path / "killed").exists()
    assert (done.returncode, done.stdout.count("KER101")) == (1, MIN_FILES_FOR_POOL + 1)


@pytest.mark.slow
def test_a_process_that_is_killed_twice_costs_its_file(tmp_path: Path) -> None:
    out, err = checked(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    ended = f"it was ended by signal {signal.SIGKILL.value} (Killed)"
    said = f"error: train_7.py: internal error: the process that checked it died, and so did another one: {ended}\n"
    assert said in err
    assert out.count("KER101") == MIN_FILES_FOR_POOL


@pytest.mark.slow
def test_a_single_step_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    out, err = checked(tmp_path, "sum(range(10**11))", "--file-seconds=0.5")
    assert "error: train_7.py: internal error: the process that checked it died, and so did another one" in err
    assert out.count("KER101") == MIN_FILES_FOR_POOL


def test_the_seconds_of_a_file_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    path.write_text(MODEL)
    (report,) = check_files([InputFile(str(path), Settings("", ""))], bounds=Bounds(seconds=1e-9))
    assert any("more than 1e-09 seconds" in end.reason for end in report.ends)
