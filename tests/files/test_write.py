from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from keraslint.files.write import ChangedMeanwhile, write_whole


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


def test_a_file_with_two_names_stays_one_file(tmp_path: Path) -> None:
    path, other = tmp_path / "a.py", tmp_path / "b.py"
    path.write_bytes(b"old and longer")
    other.hardlink_to(path)
    write_whole(path, b"new", b"old and longer")
    assert path.samefile(other)
    assert other.read_bytes() == b"new"
    assert sorted(names(tmp_path)) == ["a.py", "b.py"]


def test_a_file_with_two_names_is_put_back_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, other = tmp_path / "a.py", tmp_path / "b.py"
    path.write_bytes(b"old")
    other.hardlink_to(path)
    flush, calls = os.fsync, []

    def fail_once(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        flush(handle)

    monkeypatch.setattr(os, "fsync", fail_once)
    with pytest.raises(OSError, match="Input/output"):
        write_whole(path, b"new and longer", b"old")
    assert other.read_bytes() == b"old"
    assert sorted(names(tmp_path)) == ["a.py", "b.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes of Linux")
def test_extended_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"mine")
    except OSError:
        pytest.skip("this file system has none")
    write_whole(path, b"new", b"old")
    assert os.getxattr(path, "user.note") == b"mine"


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
    """A limit on the file size makes a real write fail, as a full disk does."""
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "from keraslint.files.write import write_whole\n"
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
