"""How far a long run is, on a real terminal (a pseudo-terminal), and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import pty

pytestmark = pytest.mark.slow

PROGRAM = """\
import time
from keraslint.commands.progress import Progress

with Progress("files", quiet={quiet}) as progress:
    for done in range(1, 31):
        time.sleep(0.05)
        progress.seen(done, 30, done // 10)
"""


def shown(program: str, **environment: str) -> str:
    """What a program writes to stderr, which is a terminal."""
    ours, theirs = pty.openpty()
    known = {key: value for key, value in os.environ.items() if key not in ("CI", "TERM")} | {"TERM": "xterm"}
    run = subprocess.Popen([sys.executable, "-c", program], stderr=theirs, env=known | environment)
    os.close(theirs)
    said = b""
    try:
        while data := os.read(ours, 4096):
            said += data
    except OSError:  # Linux says the end so
        pass
    assert run.wait() == 0
    os.close(ours)
    return said.decode()


def test_it_shows_files_and_findings_and_is_gone_at_the_end() -> None:
    said = shown(PROGRAM.replace("{quiet}", "False"))
    assert "/30 files, 2 findings" in said
    assert said.endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("quiet", "environment"), [("True", {}), ("False", {"CI": "true"}), ("False", {"TERM": "dumb"})]
)
def test_it_is_off(quiet: str, environment: dict[str, str]) -> None:
    assert shown(PROGRAM.replace("{quiet}", quiet), **environment) == ""


def test_a_pipe_gets_nothing() -> None:
    program = PROGRAM.replace("{quiet}", "False")
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stderr == b""


def test_a_run_of_the_command_shows_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import keras\nmodel.compile(loss=1)\n")
    program = (
        "import sys\nfrom keraslint.commands import progress\nprogress._AFTER = 0.0\n"
        f"from keraslint.cli import main\nsys.exit(main(['check', {str(tmp_path)!r}]))\n"
    )
    assert "1/1 files, 0 findings" in shown(program)
