from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from keraslint.files.regular import NotRegular, TooLarge, read_bytes

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these files")


def test_a_file_and_a_link_to_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text\0")
    (tmp_path / "b").symlink_to("a")
    assert read_bytes(tmp_path / "a") == read_bytes(str(tmp_path / "b")) == b"text\0"


def test_a_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234")
    assert read_bytes(tmp_path / "a", 4) == b"1234"
    with pytest.raises(TooLarge):
        read_bytes(tmp_path / "a", 3)


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_bytes(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_bytes(tmp_path / "a")


@unix
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    (tmp_path / "b").symlink_to("a")
    for name in ("a", "b"):
        with pytest.raises(NotRegular):
            read_bytes(tmp_path / name)


@unix
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_not_opened(tmp_path: Path, device: str) -> None:
    (tmp_path / "a").symlink_to(device)
    with pytest.raises(NotRegular):
        read_bytes(tmp_path / "a")


@unix
def test_a_socket_is_not_opened(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is short
        try:
            listening.bind("a")
            with pytest.raises(NotRegular):
                read_bytes("a")
        finally:
            os.chdir(before)


@unix
def test_a_file_that_became_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a")
    (tmp_path / "b").write_bytes(b"")
    status = (tmp_path / "b").stat()
    monkeypatch.setattr("keraslint.files.regular.os.stat", lambda _: status)
    with pytest.raises(NotRegular):
        read_bytes(tmp_path / "a")
