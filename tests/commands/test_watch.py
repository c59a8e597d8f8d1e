"""``--watch``: a real process that checks again after each change that may matter."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from keraslint.cli import main
from keraslint.commands.watch import may_matter, watched
from keraslint.extras import command_for

from ..command import outcome
from ..installed import HANG

PROGRAM = """\
import keras

i = keras.Input((8,))
model = keras.Model(i, [keras.layers.Dense(1, name="small")(i), keras.layers.Dense(2, name="big")(i)])
model.compile("adam", loss={"small": "mse", "big": "mae"})
"""
# What a shell starts in the background ignores interrupts, and so does all that is started from there.
INTERRUPTIBLE = """\
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("keraslint", run_name="__main__")
"""


class Watcher:
    """A running check that watches a folder, and the lines that it prints."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-c", INTERRUPTIBLE, "check", "--watch", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def round(self) -> str:
        """All that is printed up to the end of the next check."""
        said = ""
        while not said.endswith("Ctrl+C ends it.\n"):
            said += self._lines.get(timeout=HANG)
        return said

    def end(self) -> int:
        """Interrupt it, as a terminal does; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=HANG)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(PROGRAM)
    (tmp_path / "requirements.txt").write_text("keras==3.6.0\n")
    return tmp_path


@pytest.fixture
def watcher(project: Path) -> Iterator[Watcher]:
    started = Watcher(project, "src")
    yield started
    started.process.kill()
    started.reader.join(HANG)
    started.process.__exit__(None, None, None)


@pytest.mark.slow
def test_it_checks_again_after_each_change_that_may_matter(project: Path, watcher: Watcher) -> None:
    first = watcher.round()
    assert "src/train.py:5:28: KER101" in first
    assert "Changed" not in first
    assert f"Watching {project};" in first
    (project / "notes.md").write_text("x")  # does not matter: the next check is that of the pin
    (project / "requirements.txt").write_text("keras==3.7.0\n")
    second = watcher.round()
    assert second.startswith("Changed: requirements.txt\n")
    assert "All checks passed!" in second
    (project / "requirements.txt").write_text("keras==3.5.0\n")
    assert "KER101 Keras 3.5.0 (requirements.txt:1)" in watcher.round()
    (project / "src" / "train.py").write_text("import keras\n")
    fourth = watcher.round()
    assert fourth.startswith("Changed: train.py\n")
    assert "All checks passed!" in fourth
    assert watcher.end() == 0


@pytest.mark.parametrize("other", ["--fix", "--diff", "--write-baseline", "--add-noqa", "-"])
def test_it_changes_no_files_and_reads_no_stdin(tmp_path: Path, other: str) -> None:
    code, out, err = outcome(tmp_path, "--watch", other)
    assert (code, out) == (2, "")
    assert "--watch goes with no option that changes files" in err


def test_without_its_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("keraslint.commands.watch.find_spec", lambda _: None)
    assert main(["check", "--watch"]) == 2
    assert f"error: --watch needs watchfiles; run `{command_for('watch')}`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("/p/train.py", True),
        ("/p/a.ipynb", True),
        ("/p/requirements.txt", True),
        ("/p/uv.lock", True),
        ("/p/keraslint.toml", True),
        ("/p/.github/workflows/ci.yml", True),
        ("/p/notes.md", False),
        ("/p/weights.h5", False),
    ],
)
def test_what_matters(path: str, matters: bool) -> None:
    assert may_matter(path) is matters


def test_the_repository_is_watched_once(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.py").write_text("")
    assert watched(project, []) == [project]
    assert watched(project, ["src", "src/train.py", "."]) == [project]
    assert watched(project, ["src", str(outside / "a.py")]) == sorted([project, outside])
