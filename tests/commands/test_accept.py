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
    said = "All checks passed!\n2 known findings were left out.\n"
    assert outcome(project, *KNOWN) == (0, "", said)
    assert outcome(project, "-q", *KNOWN) == (0, "", "")
    (project / "keraslint.toml").write_text(f'baseline = "{FILE_NAME}"\n')
    assert outcome(project) == (0, "", said)
    (project / "sub").mkdir()
    assert outcome(project / "sub", "..") == (0, "", said)
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
    assert err == "Added 4 noqa comments.\n"
    assert (project / "requirements.txt").read_text() == "keras==3.5.0  # noqa: KER201\n"
    assert program.read_bytes().count(b"# noqa: KER101\r\n") == 2
    assert ast.dump(ast.parse(program.read_bytes())) == before
    assert codes(project) == []
    assert outcome(project, "--add-noqa")[2] == "Added 0 noqa comments.\n"
    assert program.read_bytes().count(b"# noqa: KER101\r\n") == 2


def test_a_comment_stands_at_the_line_of_the_finding_where_one_can(project: Path) -> None:
    (project / "requirements.txt").write_text("keras==3.5.0  # noqa: KER201\n")
    named, said = FIRST.split("loss=")
    (project / "train.py").write_text(f"{MODEL}{named}\n    loss={said}")
    assert outcome(project, "--add-noqa")[2] == "Added 1 noqa comment.\n"
    (line,) = [line for line in (project / "train.py").read_text().splitlines() if "noqa" in line]
    assert line.startswith("    loss=")


def test_a_line_that_pip_reads_gets_no_comment(project: Path) -> None:
    (project / "requirements.txt").unlink()
    (project / "pages.ipynb").write_bytes(dumped("import os", "%pip install keras==3.5.0\n"))
    instead = "not every shell takes it for a comment: write `# noqa` there if yours does, or use per-file-ignores"
    said = f"no comment was added for KER201; {instead}"
    assert outcome(project, "--add-noqa", "pages.ipynb")[2] == (
        f"warning: pages.ipynb:cell 2:1: {said}\nAdded 0 noqa comments.\n"
    )


def test_a_comment_with_two_codes_is_counted_once(project: Path) -> None:
    (project / "requirements.txt").write_text("keras==3.5.0  # noqa: KER201\n")
    fit = "model.fit(x, {'small': y_small, 'big': y_big})\n"
    (project / "train.py").write_text(MODEL + FIRST.rstrip() + "; " + fit)
    assert codes(project) == ["KER101", "KER103"]
    assert outcome(project, "--add-noqa")[2] == "Added 1 noqa comment.\n"
    assert (project / "train.py").read_text().count("# noqa: KER101, KER103\n") == 1


@pytest.mark.parametrize(
    ("path", "text", "row"),
    [
        ("requirements.txt", "numpy\nkeras==3.5.0  # why\n", 2),
        ("requirements.txt", "keras==3.5.0  # noqa: E501\n", 1),
        ("requirements/base.in", "keras==3.5.0\r\n", 1),
        ("constraints.txt", "keras==3.5.0", 1),
        ("pyproject.toml", '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "keras==3.5.0",\n]\n', 5),
        ("Pipfile", '[packages]\nkeras = "==3.5.0"\n', 2),
        ("environment.yml", "dependencies:\n  - keras=3.5.0\n", 2),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: pip install keras==3.5.0\n", 4),
    ],
)
def test_a_dependency_file_gets_a_comment_that_changes_nothing(tmp_path: Path, path: str, text: str, row: int) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    assert codes(tmp_path, path) == ["KER201"]
    assert outcome(tmp_path, "--add-noqa", path) == (0, "", "Added 1 noqa comment.\n")
    before, after = text.splitlines(), file.read_bytes().decode().splitlines()
    assert [index for index, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new] == [row]
    assert after[row - 1].startswith(before[row - 1])
    assert codes(tmp_path, path) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "keras==3.5.0 \\\n    --hash=sha256:00\n"),
        ("uv.lock", '[[package]]\nname = "keras"\nversion = "3.5.0"\n'),
        ("Pipfile.lock", '{"default": {"keras": {"version": "==3.5.0"}}}\n'),
        ("setup.cfg", "[options]\ninstall_requires =\n    keras==3.5.0\n"),
        ("Dockerfile", "FROM python\nRUN pip install keras==3.5.0 && \\\n    true\n"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - run: |\n          pip install keras==3.5.0 \\\n            numpy\n",
        ),
    ],
)
def test_a_dependency_file_that_may_hold_no_comment_stays_as_it_is(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    (found,) = json.loads(outcome(tmp_path, "--output-format", "json", path)[1])
    row = found["location"]["row"]
    said = "no comment was added for KER201; a file of this kind may hold none at the line: use per-file-ignores"
    assert outcome(tmp_path, "--add-noqa", path)[2] == f"warning: {path}:{row}: {said}\nAdded 0 noqa comments.\n"
    assert file.read_text() == text


def test_known_findings_that_are_gone_are_said(project: Path) -> None:
    (project / "gone.py").write_text(MODEL + FIRST)
    outcome(project, "--write-baseline")
    assert outcome(project, *KNOWN)[2] == "All checks passed!\n3 known findings were left out.\n"
    (project / "train.py").write_text(MODEL)
    gone = "not there any more; `keraslint check --write-baseline` drops"
    one = f"warning: {FILE_NAME}: 1 known finding is {gone} it\n"
    assert outcome(project, *KNOWN) == (0, "", f"{one}All checks passed!\n2 known findings were left out.\n")
    assert outcome(project, *KNOWN, "--jobs", "1", "train.py") == (0, "", f"{one}All checks passed!\n")
    assert outcome(project, *KNOWN, "gone.py")[2] == "All checks passed!\n1 known finding was left out.\n"
    for other in (("--select", "KER201"), ("--keras-version", "3.7.0")):
        assert "warning" not in outcome(project, *KNOWN, *other)[2]
    (project / "gone.py").unlink()
    two = f"warning: {FILE_NAME}: 2 known findings are {gone} them\n"
    assert outcome(project, *KNOWN)[2] == f"{two}All checks passed!\n1 known finding was left out.\n"
    assert outcome(project, *KNOWN, "--output-format", "json") == (0, "[]\n", two)
    outcome(project, *KNOWN, "--write-baseline")
    assert outcome(project, *KNOWN)[2] == "All checks passed!\n1 known finding was left out.\n"


def test_known_findings_are_counted_beside_new_ones(project: Path) -> None:
    outcome(project, "--write-baseline")
    (project / "train.py").write_text(MODEL + FIRST + SECOND)
    end = "2 known findings were left out.\n"
    said = outcome(project, *KNOWN)[2]
    assert said.startswith("Found 1 error.\n")
    assert said.endswith(end)
    assert outcome(project, *KNOWN, "--fix", "--unsafe-fixes")[2] == f"Found 1 error (1 fixed, 0 remaining).\n{end}"
