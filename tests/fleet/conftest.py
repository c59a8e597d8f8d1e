"""Small repositories, in every form in which a fleet reads them."""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
COMPILED = 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'
WRONG = {"requirements.txt": b"keras==3.5.0\n", "src/train.py": (MODEL + COMPILED).encode()}
RIGHT = {"requirements.txt": b"keras==3.7.0\n", "train.py": (MODEL + COMPILED).encode()}
SPLIT = {
    "pyproject.toml": b'[project]\nname = "split"\ndependencies = ["keras==3.6.0"]\n',
    "models.py": MODEL.encode(),
    "train.py": f"from models import model\n{COMPILED}".encode(),
    "README.md": b"keras",
}
REPOSITORIES = {"wrong": WRONG, "right": RIGHT, "split": SPLIT, "empty": {"README.md": b""}}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def git(folder: Path, *arguments: str) -> str:
    told = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *told, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a repository with one commit of these files."""
    write(folder, files)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")


def tar_of(files: Mapping[str, bytes], mode: str = "w:gz", top: str = "project-1.0/") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for path, data in files.items():
            member = tarfile.TarInfo(top + path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def zip_of(files: Mapping[str, bytes], top: str = "project-1.0/") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(top + path, data)
    return stream.getvalue()


def data_set(path: Path, repositories: Mapping[str, Mapping[str, bytes]], rows_in_group: int = 3) -> None:
    import pyarrow
    from pyarrow import parquet

    rows = [
        {"repository": name, "path": file, "content": data.decode()}
        for name, files in repositories.items()
        for file, data in files.items()
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=rows_in_group)


def folders(place: Path) -> None:
    for name, files in REPOSITORIES.items():
        commit(place / name, files)


def bare(place: Path) -> None:
    place.mkdir()
    for name, files in REPOSITORIES.items():
        commit(place.with_name("work") / name, files)
        git(place, "clone", "-q", "--bare", str(place.with_name("work") / name), f"{name}.git")


def without_work_tree(place: Path) -> None:
    bare(place)
    for name in REPOSITORIES:
        (place / f"{name}.git").rename(place / "moved")
        (place / name).mkdir()
        (place / "moved").rename(place / name / ".git")


def tars(place: Path) -> None:
    place.mkdir()
    for (name, files), suffix in zip(REPOSITORIES.items(), ("tar.gz", "tar", "tar.xz", "tgz"), strict=True):
        mode = {"tar": "w", "tar.xz": "w:xz"}.get(suffix, "w:gz")
        (place / f"{name}.{suffix}").write_bytes(tar_of(files, mode))


def zips(place: Path) -> None:
    place.mkdir()
    for name, files in REPOSITORIES.items():
        (place / f"{name}.zip").write_bytes(zip_of(files))


def rows(place: Path) -> None:
    place.mkdir()
    data_set(place / "corpus.parquet", {f"corpus/{name}": files for name, files in REPOSITORIES.items()})


@pytest.fixture(params=[folders, bare, without_work_tree, tars, zips, rows], ids=lambda make: make.__name__)
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder "corpus" with the repositories, in one of the forms; the working folder is that above it."""
    request.param(tmp_path / "corpus")
    return tmp_path / "corpus"
