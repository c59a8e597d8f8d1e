"""Install commands in the cells of a notebook are its pins: evidence by cell and row, and the ``upgrade`` fix."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.command import outcome
from tests.notebook.notebooks import COMPILED, MODEL, cell, dumped


def checked(folder: Path, *cells: str, options: tuple[str, ...] = ()) -> str:
    (folder / "nb.ipynb").write_bytes(dumped(cell("# Title", "markdown"), *cells, MODEL, COMPILED))
    return outcome(folder, "check", "--isolated", *options)[1]


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("%pip install keras==3.5.0", 1),
        ("import sys\n!{sys.executable} -m pip install \\\n   -q keras==3.5.0", 3),
        ('!pip install -q "keras<3.6,>=3.5"', 1),
        ("!uv pip install keras==3.5.0 numpy", 1),
        ("!uv add keras==3.5.0", 1),
        ("x = 1\n\n!pip install keras==3.5.0  # the old one", 3),
        ("out = !pip install keras==3.5.0", 1),
        ("%%bash\nset -e\npip install keras==3.5.0", 3),
        ("# Install\n%%sh\npip install keras==3.5.0", 3),
        ("pip install keras==3.5.0", 1),
        ('get_ipython().system("pip install keras==3.5.0")', 1),
        ("get_ipython().run_line_magic('pip', 'install keras==3.5.0')", 1),
    ],
)
def test_a_command_is_a_pin(tmp_path: Path, source: str, row: int) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.7.0\n")
    pin, call = checked(tmp_path, source).splitlines()
    assert pin.startswith(f"nb.ipynb:cell 2:{row}:")
    assert re.search("KER201 `.+` installs Keras 3.5.0, which", pin)
    assert f"KER101 [*] Keras 3.5.0 (nb.ipynb:cell 2:{row}) sends" in call
    upgrade = ("--fix", "--unsafe-fixes", "--fix-style", "upgrade")
    assert checked(tmp_path, source, options=upgrade) == ""
    fixed = json.loads((tmp_path / "nb.ipynb").read_bytes())["cells"][1]["source"]
    assert "".join(fixed) == source.replace("==3.5.0", "==3.7.0").replace("<3.6,>=3.5", "<3.8,>=3.7")


def test_a_command_without_a_version_leaves_it_to_the_project(tmp_path: Path) -> None:
    assert "no Keras version is given (nb.ipynb:cell 2:1)" in checked(tmp_path, "!pip install -q keras")
    (tmp_path / "requirements.txt").write_text("keras==3.7.0\n")
    assert checked(tmp_path, "!pip install -q keras") == ""


def test_the_json_names_cell_and_row_of_the_evidence(tmp_path: Path) -> None:
    found = json.loads(checked(tmp_path, "\n%pip install keras==3.6.0", options=("--output-format", "json")))
    evidence = [one["keras"]["evidence"][0] for one in found]
    assert [(one["cell"], one["row"], one["text"]) for one in evidence] == [(2, 2, "%pip install keras==3.6.0")] * 2


def test_a_tensorflow_and_what_is_not_known(tmp_path: Path) -> None:
    assert "tensorflow==2.18.0 (nb.ipynb:cell 2:1) brings" in checked(tmp_path, "!pip install tensorflow==2.18.0")
    assert "no Keras pin could be read (nb.ipynb:cell 2:1 " in checked(tmp_path, "!pip install keras=={v}")


def test_a_comment_suppresses(tmp_path: Path) -> None:
    assert "KER201" not in checked(tmp_path, "%pip install keras==3.5.0  # noqa: KER201")


def test_the_command_about_releases(tmp_path: Path) -> None:
    checked(tmp_path, "%pip install keras==3.5.0")
    assert "  nb.ipynb:cell 2:1: %pip install keras==3.5.0\n" in outcome(tmp_path, "keras", "nb.ipynb")[1]
