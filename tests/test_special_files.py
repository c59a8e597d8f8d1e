"""Pipes, sockets, devices and endless files, wherever a path leads to one: the command ends, and says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these files")]

CLEAN = "import keras\n"


def check(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and stderr of the command, which would wait for ever if it opened a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "keraslint", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    return done.returncode, done.stderr


def test_named_paths(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    (tmp_path / "b.py").symlink_to("/dev/zero")
    code, said = check(tmp_path, "check", "a.py", "b.py", "/dev/zero")
    assert code == 2
    assert "error: a.py: can't be read: it is not a regular file\n" in said
    assert "/dev/zero: can't be read: it is not a regular file\n" in said or "b.py: can't be read" in said


def test_a_walk_leaves_them_out_with_a_line(tmp_path: Path) -> None:
    for name in ("a.py", "requirements.txt", "notes.md"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "b.py").symlink_to("/dev/zero")
    (tmp_path / "c.py").symlink_to("nowhere")
    (tmp_path / "d.py").write_text(CLEAN)
    assert check(tmp_path, "check", "--isolated") == (
        0,
        "warning: a.py: not a regular file, not checked\n"
        "warning: b.py: not a regular file, not checked\n"
        "warning: requirements.txt: not a regular file, not checked\n",
    )


def test_what_is_excluded_is_not_mentioned(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    (tmp_path / "b.py").write_text(CLEAN)
    assert check(tmp_path, "check", "--isolated", "--exclude", "a.py") == (0, "All checks passed!\n")


@pytest.mark.parametrize("arguments", [["check"], ["check", "--config", "keraslint.toml"]])
def test_its_own_configuration(tmp_path: Path, arguments: list[str]) -> None:
    os.mkfifo(tmp_path / "keraslint.toml")
    code, said = check(tmp_path, *arguments)
    assert (code, said) == (2, "error: keraslint.toml: can't be read: it is not a regular file\n")


def test_the_configuration_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("/dev/zero")
    (tmp_path / "a.py").write_text(CLEAN)
    code, said = check(tmp_path, "check", "a.py")
    reason = "can't be read: it is not a regular file; neither its configuration nor its pins count"
    assert (code, said) == (0, f"warning: pyproject.toml: {reason}\nAll checks passed!\n")


@pytest.mark.parametrize("name", [".gitignore", ".git/info/exclude"])
def test_an_ignore_file(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git" / "info").mkdir(parents=True)
    os.mkfifo(tmp_path / name)
    (tmp_path / "a.py").write_text(CLEAN)
    reason = "can't be read, so that it ignores nothing: it is not a regular file"
    assert check(tmp_path, "check") == (0, f"warning: {name}: {reason}\nAll checks passed!\n")


def test_an_ignore_file_above(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "a" / "b.py").write_text(CLEAN)
    code, said = check(tmp_path / "a", "check", "--isolated")
    assert code == 0
    assert said.startswith(f"warning: {tmp_path / '.gitignore'}: can't be read, so that it ignores nothing: ")


def test_included_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "more.in")
    (tmp_path / "requirements.txt").write_text("-r /dev/zero\n-c more.in\nkeras==3.5.0\n")
    done = subprocess.run(
        [sys.executable, "-m", "keraslint", "keras"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert "skipped requirements.txt:1: /dev/zero is outside the project's repository, and not read\n" in done.stdout
    assert "skipped requirements.txt:2: more.in is not a file\n" in done.stdout


def test_a_module_that_is_imported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "models.py")
    (tmp_path / "a.py").write_text("import keras\nfrom models import m\nm.compile('sgd', loss={'a': 1, 'b': 2})\n")
    assert check(tmp_path, "check", "--isolated", "a.py") == (0, "All checks passed!\n")


def test_an_endless_stdin(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "keraslint", "check", "-"],
            cwd=tmp_path,
            stdin=endless,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "error: stdin: it is larger than 16 MB\n")
