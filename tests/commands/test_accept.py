"""``--write-baseline``, ``--baseline`` and ``--add-noqa``: what is known is accepted, and nothing else."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from keraslint.engine.baseline import FILE_NAME

from ..command import outcome
from ..notebook.notebooks import dumped

MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
FIRST = 'model.compile("adam", loss={"small": "mse", "big": "mae"})\n'
SECOND = 'model.compile("adam", loss={"big": "mse", "small": "mae"})\n'
KNOWN = ("--baseline", FILE_NAME)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "train.py").write_text(MODEL + FIRST)
    return tmp_path


def codes(folder: Path, *arguments: str) -> list[str]:
    return [item["code"] for item in json.loads(outcome(folder, "--output-format", "json", *arguments)[1])]


def test_known_findings_are_not_reported_again(project: Path) -> None:
    code, out, err = outcome(project, "--write-baseline")
    assert (code, out) == (0, "")
    assert err == f"Wrote 2 findings to {FILE_NAME}; to use it, set `baseline = '{FILE_NAME}'` in the configuration\n"
    assert outcome(project, *KNOWN) == (0, "", "All checks passed!\n")
    (project / "keraslint.toml").write_text(f'baseline = "{FILE_NAME}"\n')
    assert outcome(project) == (0, "", "All checks passed!\n")
    (project / "sub").mkdir()
    assert outcome(project / "sub", "..") == (0, "", "All checks passed!\n")
    assert outcome(project, "--write-baseline")[2] == f"Wrote 2 findings to {FILE_NAME}\n"


@pytest.mark.parametrize(
    "moved",
    [
        "# above\n\n" + MODEL + FIRST,
        MODEL
        + "x = 1\n\n\n"
        + FIRST.replace('{"small"', '{\n        "small"').replace(', "big"', ',\n        "big"').replace("}", ",\n}"),
        MODEL + "if True:\n    " + FIRST,
    ],
)
def test_moved_and_wrapped_lines_are_still_known(project: Path, moved: str) -> None:
    outcome(project, "--write-baseline")
    (project / "train.py").write_text(moved)
    (project / "requirements.txt").write_text("# ours\nkeras==3.5.0\n")
    assert codes(project, *KNOWN) == []


def test_a_new_finding_is_reported_and_an_equal_second_one_too(project: Path) -> None:
    outcome(project, "--write-baseline")
    (project / "train.py").write_text(MODEL + FIRST + SECOND)
    assert codes(project, *KNOWN) == ["KER101"]
    (project / "train.py").write_text(MODEL + FIRST + FIRST)
    assert codes(project, *KNOWN) == ["KER101"]
    (project / "other.py").write_text(MODEL + FIRST)
    assert codes(project, *KNOWN) == ["KER101", "KER101"]


def test_a_known_finding_is_not_fixed(project: Path) -> None:
    outcome(project, "--write-baseline")
    (project / "train.py").write_text(MODEL + FIRST + SECOND)
    outcome(project, *KNOWN, "--fix", "--unsafe-fixes")
    text = (project / "train.py").read_text()
    assert FIRST in text
    assert SECOND not in text


def test_a_notebook_is_known_by_its_cells(project: Path) -> None:
    (project / "pages.ipynb").write_bytes(dumped(MODEL, FIRST))
    outcome(project, "--write-baseline")
    (project / "pages.ipynb").write_bytes(dumped("x = 1\n", MODEL, "y = 2\n", FIRST))
    assert codes(project, *KNOWN) == []
    (project / "pages.ipynb").write_bytes(dumped(MODEL, FIRST, SECOND))
    assert codes(project, *KNOWN) == ["KER101"]


def test_a_run_over_a_part_keeps_what_is_known_of_the_rest(project: Path) -> None:
    (project / "other.py").write_text(MODEL + SECOND)
    outcome(project, "--write-baseline")
    (project / "train.py").write_text(MODEL)
    (project / "requirements.txt").unlink()
    outcome(project, *KNOWN, "--write-baseline", "train.py")
    assert list(json.loads((project / FILE_NAME).read_text())["files"]) == ["other.py"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "files": {}}',
        '{"version": 1, "files": []}',
        '{"version": 1, "files": {"a.py": {}}}',
        '{"version": 1, "files": {"a.py": [1]}}',
        '{"version": 1, "files": {"a.py": [{"code": "KER101", "fingerprint": "x"}]}}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_a_broken_baseline_ends_the_run_and_is_written_anew(project: Path, content: str) -> None:
    (project / FILE_NAME).write_text(content, errors="surrogateescape")
    code, out, err = outcome(project, *KNOWN)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: baseline: {project}/{FILE_NAME}: not a baseline of keraslint")
    assert len(err.splitlines()) == 1
    assert outcome(project, *KNOWN, "--write-baseline")[0] == 0
    assert codes(project, *KNOWN) == []


def test_a_missing_baseline_is_said(project: Path) -> None:
    code, _, err = outcome(project, *KNOWN)
    assert code == 2
    assert (
        err == f"error: baseline: {project}/{FILE_NAME}: no such file; `keraslint check --write-baseline` writes it\n"
    )


@pytest.mark.parametrize("option", ["--write-baseline", "--add-noqa"])
@pytest.mark.parametrize("other", ["--fix", "--diff", "-"])
def test_accepting_goes_with_no_change(project: Path, option: str, other: str) -> None:
    code, _, err = outcome(project, option, other)
    assert code == 2
    assert err.startswith("error: --write-baseline and --add-noqa go with neither")


def test_comments_are_added_and_change_nothing_else(project: Path) -> None:
    wrapped = FIRST.replace("(", "(  # first\n    ", 1)
    program = project / "train.py"
    program.write_bytes((MODEL + wrapped + SECOND).replace("\n", "\r\n").encode())
    (project / "pages.ipynb").write_bytes(dumped(MODEL, FIRST))
    before = ast.dump(ast.parse(program.read_bytes()))
    code, out, err = outcome(project, "--add-noqa")
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        "warning: requirements.txt:1: KER201 can't be suppressed by a comment here",
        "Added 3 noqa comments.",
    ]
    assert program.read_bytes().count(b"# noqa: KER101\r\n") == 2
    assert ast.dump(ast.parse(program.read_bytes())) == before
    assert codes(project) == ["KER201"]
    outcome(project, "--add-noqa")
    assert program.read_bytes().count(b"# noqa: KER101\r\n") == 2
