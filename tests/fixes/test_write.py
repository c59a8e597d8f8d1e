from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from keraslint.fixes.write import ChangedMeanwhile, write_whole


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_replaces_the_content_and_keeps_the_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o751)
    write_whole(path, b"new\r\n", b"old")
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert names(tmp_path) == ["a.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.py"
    target.write_bytes(b"old")
    link = tmp_path / "link.py"
    link.symlink_to("real/a.py")
    write_whole(link, b"new", b"old")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_file_that_changed_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"someone else's")
    with pytest.raises(ChangedMeanwhile, match="has changed the file"):
        write_whole(path, b"new", b"old")
    assert path.read_bytes() == b"someone else's"
    assert names(tmp_path) == ["a.py"]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new", b"old")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.py"]


def test_a_limit_on_file_size_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """The same with a real failing write, of the kind that a full disk gives."""
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "from keraslint.fixes.write import write_whole\n"
        "write_whole(sys.argv[1], b'n' * 100, b'old')\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    assert "File too large" in run.stderr
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.py"]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_whole(tmp_path / "a.py", b"new", b"old")
    assert names(tmp_path) == []
