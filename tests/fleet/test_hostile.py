"""Archives and repositories that want to reach other files, or to cost more than they are worth."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from keraslint.config.options import Options
from keraslint.fleet.bounded import Child, Ended
from keraslint.fleet.child import Work, opened
from keraslint.fleet.corpora import Repository
from keraslint.fleet.corpus_rows import Columns
from keraslint.fleet.rows import Row

from .conftest import COMPILED, MODEL, RIGHT, WRONG, commit, git, tar_of, write, zip_of

pytestmark = pytest.mark.slow

PROGRAM = (MODEL + COMPILED).encode()


def work(seconds: float = 60.0, megabytes: int = 1000) -> Work:
    return Work(Options(), Options(), False, Columns(), seconds, megabytes, "test")


def checked(place: Repository, **bounds: float) -> list[Row]:
    child = Child(work(**bounds))  # type: ignore[arg-type]
    try:
        rows = child.check(place)
    finally:
        child.close()
    assert not isinstance(rows, Ended)
    return rows


def archive(path: Path, data: bytes) -> Repository:
    path.write_bytes(data)
    return Repository("a", "archive", str(path))


def failures(rows: list[Row]) -> dict[str, str | None]:
    return {row.path: row.reason for row in rows if row.kind == "failure"}


def findings(rows: list[Row]) -> list[str]:
    return [row.path for row in rows if row.kind == "finding" and row.code == "KER101"]


NAMES = ["../outside.py", "/etc/outside.py", "a/../../outside.py", "a//b.py"]


def test_names_that_lead_out_of_an_archive_are_left_out(tmp_path: Path) -> None:
    files = {"train.py": PROGRAM, **dict.fromkeys(NAMES, PROGRAM)}
    for name, data in (("a.tar", tar_of(files, "w", top="")), ("a.zip", zip_of(files, top=""))):
        rows = checked(archive(tmp_path / name, data))
        assert findings(rows) == ["train.py"]
        assert set(failures(rows)) == set(NAMES)
    assert list(tmp_path.rglob("*.py")) == []


def test_links_in_archives_are_not_followed(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for name, kind, target in (
            ("requirements.txt", tarfile.SYMTYPE, "/etc/passwd"),
            ("hard.py", tarfile.LNKTYPE, "../../secret.py"),
            ("pipe.py", tarfile.FIFOTYPE, ""),
            ("device.py", tarfile.CHRTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            made.addfile(member)
        member = tarfile.TarInfo("train.py")
        member.size = len(PROGRAM)
        made.addfile(member, io.BytesIO(PROGRAM))
    rows = checked(archive(tmp_path / "a.tar", stream.getvalue()))
    assert findings(rows) == ["train.py"]
    assert failures(rows) == {
        "requirements.txt": "a link, not followed",
        "hard.py": "a link, not followed",
        "pipe.py": "not a regular file",
        "device.py": "not a regular file",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        link = zipfile.ZipInfo("requirements.txt")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")
        zipped.writestr("train.py", PROGRAM)
    rows = checked(archive(tmp_path / "a.zip", stream.getvalue()))
    assert (findings(rows), failures(rows)) == (["train.py"], {"requirements.txt": "a link, not followed"})


def test_links_in_folders_and_in_git_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("keras==3.5.0\n")
    write(tmp_path / "a", {"train.py": PROGRAM})
    (tmp_path / "a" / "requirements.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "a" / "all").symlink_to("/")
    commit(tmp_path / "a", {})
    expected = {"requirements.txt": "a link, not followed", "all": "a link, not followed"}
    for place in (Repository("a", "folder", str(tmp_path / "a")), Repository("a", "git", str(tmp_path / "a" / ".git"))):
        rows = checked(place)
        assert failures(rows) == expected
        assert [row.keras for row in rows if row.code == "KER101"] == [""]


def test_a_zip_bomb_is_read_up_to_a_size(tmp_path: Path) -> None:
    rows = checked(archive(tmp_path / "a.zip", zip_of({"big.py": b"#" * 200_000_000, "train.py": PROGRAM})))
    assert findings(rows) == ["train.py"]
    assert failures(rows) == {"big.py": "can't be read: it is larger than 16 MB"}


def test_a_zip_whose_header_lies_of_a_size_is_read_up_to_that(tmp_path: Path) -> None:
    data = bytearray(zip_of({"big.py": b"#" * 100_000_000, "train.py": PROGRAM}))
    true, claimed = struct.pack("<I", 100_000_000), struct.pack("<I", 1000)
    assert data.count(true) == 2
    rows = checked(archive(tmp_path / "a.zip", bytes(data.replace(true, claimed))), megabytes=200)
    assert findings(rows) == ["train.py"]
    assert "big.py" in failures(rows)


def test_a_tar_bomb_costs_itself(tmp_path: Path) -> None:
    bomb = tar_of({f"{number}.py": b"#" * 15_000_000 for number in range(40)})
    assert len(bomb) < 2_000_000
    rows = checked(archive(tmp_path / "a.tar.gz", bomb))
    assert list(failures(rows)) == [""]
    assert "more than 300 MB" in str(failures(rows)[""])


def test_a_repository_that_needs_too_much_memory_costs_itself(tmp_path: Path) -> None:
    bomb = tar_of({f"{number}.py": b"#" * 15_000_000 for number in range(15)})
    assert failures(checked(archive(tmp_path / "a.tar.gz", bomb), megabytes=60)) == {
        "": "it takes more than 60 MB of memory"
    }


def test_a_repository_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.tar")  # it never has a byte
    place = Repository("a", "archive", str(tmp_path / "a.tar"))
    assert failures(checked(place, seconds=3.0)) == {"": "it takes more than 3 seconds"}


def patiently(child: Child, place: Repository, findings: int) -> list[Row]:
    """The rows of a repository. One with findings is asked for again where a busy machine takes all its seconds."""
    for _ in range(20):
        rows = child.check(place)
        assert not isinstance(rows, Ended)
        if not findings or not str(failures(rows).get("", "")).startswith("it takes more than"):
            break
    return rows


def test_a_child_goes_on_after_a_repository_that_it_could_not_check(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow.tar")
    child = Child(work(seconds=5.0, megabytes=100))
    write(tmp_path / "wrong", WRONG)
    good = Repository("good", "folder", str(tmp_path / "wrong"))
    bomb = archive(tmp_path / "a.tar.gz", tar_of({f"{number}.py": b"#" * 15_000_000 for number in range(15)}))
    try:
        for place, count in (
            (good, 2),
            (bomb, 0),
            (good, 2),
            (Repository("s", "archive", str(tmp_path / "slow.tar")), 0),
        ):
            rows = patiently(child, place, count)
            assert sum(row.kind == "finding" for row in rows) == count
            assert rows[-1].kind == "checked"
        assert len(patiently(child, good, 2)) == 3
    finally:
        child.close()


@pytest.mark.parametrize("data", [b"", b"not an archive", tar_of(RIGHT)[:-40], zip_of(RIGHT)[:-40], b"\x1f\x8b\x08\0"])
def test_a_broken_archive_costs_itself(tmp_path: Path, data: bytes) -> None:
    for name in ("a.tar.gz", "a.zip"):
        rows = checked(archive(tmp_path / name, data))
        if not findings(rows):
            assert list(failures(rows)) == [""] or rows[-1].files == 0


def test_broken_repositories_of_git_cost_themselves(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    rows = checked(Repository("a", "git", str(tmp_path / "empty.git")))
    assert str(failures(rows)[""]).startswith("git: ")
    rows = checked(Repository("a", "git", str(tmp_path / "none.git")))
    assert str(failures(rows)[""]).startswith("git: ")


def test_a_file_that_is_a_folder_too_is_left_out(tmp_path: Path) -> None:
    rows = checked(archive(tmp_path / "a.tar", tar_of({"a": b"", "a/train.py": PROGRAM, "b.py": b""}, "w")))
    assert (findings(rows), failures(rows)) == (["a/train.py"], {"a": "it is a file and a folder"})


def test_contents_are_closed_and_git_ends(tmp_path: Path) -> None:
    commit(tmp_path / "a", WRONG)
    with opened(Repository("a", "git", str(tmp_path / "a" / ".git")), Columns()) as files:
        assert files["requirements.txt"] == b"keras==3.5.0\n"
        assert sorted(files) == ["requirements.txt", "src/train.py"]
