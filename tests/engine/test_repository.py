"""A repository in memory is checked as the same files in a folder are, and without a look at the disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keraslint import CheckIncomplete, check_repository
from keraslint.config.settings import ConfigError
from keraslint.files.disk import ROOT
from keraslint.report.json_format import render_json

from ..command import outcome

HERE = Path(__file__).parents[1]

HEADS = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
"""
MODEL = HEADS + "model = keras.Model(inputs, [small, big])\n"
COMPILED = 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'

PIECES = {
    "requirements.txt": ["keras==3.5.0\n", "keras>=3.7\n", "-r base.txt\n", "-r ../base.txt\n", "-r /etc/base.txt\n"],
    "base.txt": ["keras==3.6.0\n", "numpy\n"],
    "pyproject.toml": [
        '[project]\nname = "a"\ndependencies = ["keras==3.5.0"]\n',
        '[tool.keraslint]\nignore = ["KER101"]\n',
        '[tool.keraslint]\nkeras-version = "3.6.0"\n',
        "[tool\n",
    ],
    "keraslint.toml": [
        'exclude = ["below"]\n',
        'extend-select = ["ALL"]\n',
        "",
        'environment = ".venv"\n',
        "wrong = 1\n",
    ],
    ".gitignore": ["train.py\n", "below/\n", "*.ipynb\n"],
    "train.py": [
        MODEL + COMPILED,
        "from models import model\n" + COMPILED,
        "from below.models import model\n" + COMPILED,
        "import train\nfrom src.models import model\n" + COMPILED,
        "from models import build\nmodel = build()\n" + COMPILED,
        "def train(model):\n    " + COMPILED,
        "import keras\nmodel = keras.Sequential(\n",
        f"from train import train\n{MODEL}train(model)\n",
    ],
    "models.py": [
        MODEL,
        f"def build():\n    {'    '.join(MODEL.splitlines(True))}    return model\n",
        "from .models import model\n",
    ],
    "use.py": [
        f"from train import train\n{MODEL}train(model)\n",
        f"from below.train import train\n{MODEL}train(model)\n",
    ],
    "__init__.py": ["", "from .models import model\n"],
    "notebook.ipynb": [
        json.dumps(
            {
                "cells": [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
        for cells in (["%pip install keras==3.5.0", MODEL, COMPILED], ["from models import *", COMPILED], ["import ("])
    ],
    ".venv/lib/python3.11/site-packages/keras-3.5.0.dist-info/METADATA": ["Name: keras\nVersion: 3.5.0\n"],
}


@st.composite
def repositories(draw: st.DrawFn) -> dict[str, bytes]:
    """Files of a repository, as they stand in several folders of one."""
    files = {}
    for folder in draw(st.lists(st.sampled_from(["", "below/", "src/", "below/deeper/"]), min_size=1, max_size=3)):
        for name in draw(st.lists(st.sampled_from(sorted(PIECES)), min_size=1, max_size=5)):
            files[folder + name] = draw(st.sampled_from(PIECES[name])).encode()
    return files


def written(folder: Path, files: Mapping[str, bytes]) -> None:
    (folder / ".git").mkdir()
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def by_command(folder: Path) -> tuple[str, bool]:
    """What the command prints as JSON in a folder, and True where it could not check all; the error it ends with."""
    code, out, err = outcome(folder, "check", "--output-format", "json")
    return (out or err, code == 2)


def in_memory(folder: Path, files: Mapping[str, bytes]) -> tuple[str, bool]:
    """The same of a repository in memory; names of files in JSON are those below the folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return render_json(check_repository(files)), False
    except CheckIncomplete as error:
        return render_json(error.diagnostics), True
    except ConfigError as error:
        return f"error: {error}\n", True
    finally:
        os.chdir(before)


@given(repositories())
@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_repository_in_memory_gives_what_the_command_gives_in_a_folder(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name))
        written(folder, files)
        said, failed = by_command(folder)
        found, incomplete = in_memory(folder, files)
        assert (found.replace(ROOT, str(folder)), incomplete) == (without_warnings(said), failed)


def without_warnings(said: str) -> str:
    """What was printed, without the warnings."""
    return "".join(line for line in said.splitlines(True) if not line.startswith("warning: "))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["programs", "analysis/fixtures", "../examples", "known_bad"])
def test_all_programs_of_the_tests_give_the_same(name: str, tmp_path: Path) -> None:
    source = HERE / name
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    written(tmp_path, files)
    assert in_memory(tmp_path, files) == by_command(tmp_path)


def test_a_file_is_looked_up_only_if_it_may_matter() -> None:
    class Lazy(dict[str, bytes]):
        def __getitem__(self, path: str) -> bytes:
            assert path != "weights.h5"
            return super().__getitem__(path)

    (found,) = check_repository(Lazy({"train.py": (MODEL + COMPILED).encode(), "weights.h5": b""}), keras="3.5.0")
    assert (found.code, found.filename) == ("KER101", "train.py")


def test_places_are_relative_to_the_root() -> None:
    files = {"src/train.py": f"from models import model\n{COMPILED}".encode(), "src/models.py": MODEL.encode()}
    (found,) = check_repository(files, keras="3.5.0")
    assert found.outputs_place == ("src/models.py", 6)


def test_a_file_that_cannot_be_read_costs_itself() -> None:
    class Broken(dict[str, bytes]):
        def __getitem__(self, path: str) -> bytes:
            if path == "broken.py":
                raise OSError("the object is missing")
            return super().__getitem__(path)

    with pytest.raises(CheckIncomplete, match=r"broken\.py: can't be read: the object is missing") as caught:
        check_repository(Broken({"train.py": (MODEL + COMPILED).encode(), "broken.py": b""}), keras="3.5.0")
    assert [one.code for one in caught.value.diagnostics] == ["KER101"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.py", "a/../b.py", "a//b.py", "", "./a.py", "a\0.py", "a/"])
def test_a_path_that_leads_out_of_the_repository_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="it "):
        check_repository({path: b""})


def test_a_file_can_not_be_a_folder_too() -> None:
    with pytest.raises(ValueError, match="'a': it is a file and a folder"):
        check_repository({"a": b"", "a/b.py": b""})


LOOKED_UP = """\
import sys

import keraslint
from keraslint import check_repository

files = {
    "train.py": b"from outside import model\\nimport keras\\n" + COMPILED + b"model.fit(1, 2)\\n",
    "requirements.txt": b"-r /OUTSIDE/base.txt\\n-r ../base.txt\\n",
    "keraslint.toml": b"baseline = '/OUTSIDE/known.json'\\n" if sys.argv[1] == "baseline" else b"",
    "pyproject.toml": b"[tool.keraslint]\\nenvironment = '/OUTSIDE'\\n" if sys.argv[1] == "environment" else b"",
    "notebook.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
}
own = (sys.prefix, sys.base_prefix, keraslint.__path__[0], "/proc/self/statm")  # how much memory it has


def seen(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and not str(arguments[0]).startswith(own):
        print(event, arguments[0])


def check():
    try:
        return check_repository({name: data.replace(b"/OUTSIDE", OUTSIDE) for name, data in files.items()})
    except ValueError as error:
        return error


check()  # imports what it needs
sys.addaudithook(seen)
check()
"""


@pytest.mark.parametrize("setting", ["", "baseline", "environment"])
def test_nothing_is_read_from_the_disk(tmp_path: Path, setting: str) -> None:
    (tmp_path / "lib/python3.11/site-packages").mkdir(parents=True)
    for name in ("outside.py", "base.txt", "known.json"):
        (tmp_path / name).write_text(MODEL)
    program = f"OUTSIDE, COMPILED = {str(tmp_path).encode()!r}, {COMPILED.encode()!r}\n{LOOKED_UP}"
    done = subprocess.run([sys.executable, "-c", program, setting], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode() == ""
