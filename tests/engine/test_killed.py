"""A process that is killed while it fixes a file: the run names it, and fixes and reports all others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from keraslint.engine.run import MIN_FILES_FOR_POOL

pytestmark = pytest.mark.slow

MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
SWAPPED = MODEL + 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'
# Kills the process that writes the file "train_7.py", in or after a step of writing.
RUN = """\
import os, signal, sys, tempfile
from pathlib import Path
from keraslint.cli import main
from keraslint.files import write

def killing(name, after):
    step = getattr({owner}, name)
    def killed(*args, **kwargs):
        done = step(*args, **kwargs) if after else None
        if any("train_7.py" in str(arg) for arg in (*args, *kwargs.values())):
            os.kill(os.getpid(), signal.SIGKILL)
        return done if after else step(*args, **kwargs)
    setattr({owner}, name, killed)

killing({name!r}, {after})
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("owner", "name", "after", "changed"),
    [
        pytest.param("write", "_keep_attributes", False, False, id="before the file is replaced"),
        pytest.param("write", "_replace", True, True, id="after the file was replaced"),
    ],
)
def test_all_other_files_are_fixed_and_reported(
    tmp_path: Path, owner: str, name: str, after: bool, changed: bool
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    names = [f"train_{number}.py" for number in range(MIN_FILES_FOR_POOL + 1)]
    for file in names:
        (folder / file).write_text(SWAPPED)
    (tmp_path / "run.py").write_text(RUN.format(owner=owner, name=name, after=after))
    command = ("--fix", "--unsafe-fixes", "--show-fixes", "--keras-version=3.5.0", "--jobs=2", ".")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "run.py"), "check", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    ended = f"it was ended by signal {signal.SIGKILL.value} (Killed)"
    again = "" if changed else ", and so did another one"  # what changed the file is not tried once more
    said = f"train_7.py: internal error: the process that checked it died{again}: {ended}"
    assert done.returncode == 2
    assert f"error: {said}{', after it had changed the file' if changed else ''}\n" in done.stderr
    assert [file for file in names if (folder / file).read_text() == SWAPPED] == ([] if changed else ["train_7.py"])
    assert all(f"- {file}:" in done.stderr for file in names if file != "train_7.py")
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
