"""KER201 on every kind of dependency file: what is found, where, and what the fix makes of it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.cli import main
from keraslint.diagnostic import Applicability, Severity
from keraslint.document import Document
from keraslint.fixes.apply import edited
from keraslint.pins.registry import SOURCES, sources_of

BUG = """\
import keras

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
model.fit(x, [y_small, y_big])
"""


def fixed_text(path: str, text: str) -> str:
    """The text after the fixes of all findings."""
    fixes = [fix for item in check_source(text, path) for fix in item.fixes]
    assert all((fix.style, fix.applicability) == ("upgrade", Applicability.UNSAFE) for fix in fixes)
    return edited(Document(path, text), (edit for fix in fixes for edit in fix.edits))


@pytest.mark.parametrize(
    ("path", "template", "before", "after"),
    [
        ("requirements.txt", "numpy\n{}  # why\n", "keras==3.5.0", "keras==3.7.0"),
        ("requirements.txt", "{}\n", "keras===3.6.0", "keras===3.7.0"),
        ("requirements.txt", "{}\n", "Keras ~= 3.5.0", "Keras ~= 3.7.0"),
        ("requirements.txt", "{}\n", "keras[x]==3.5.*", "keras[x]==3.7.*"),
        ("requirements.txt", "{} ; python_version >= '3.9'\n", "keras >=3.5, <3.7", "keras >=3.7, <3.8"),
        ("requirements.txt", "{}\r\nnumpy\r\n", "keras (>=3.5,<=3.6.0)", "keras (>=3.7,<=3.7.0)"),
        ("requirements.txt", "{}\n", "keras>3.4.1,<3.6", "keras>3.4.1,<3.8,!=3.5.*,!=3.6.*"),
        ("requirements.txt", "keras \\\n  {}\n", "==3.5.0", "==3.7.0"),
        ("constraints.txt", "{}\n", "keras==3.5", "keras==3.7"),
        ("requirements/base.in", "{}\n", "keras==3.6.0", "keras==3.7.0"),
        ("pyproject.toml", '[project]\ndependencies = ["keras-hub", "{}"]\n', "keras==3.6.0", "keras==3.7.0"),
        ("pyproject.toml", '[dependency-groups]\ndev = [\n  "{}", # x\n]\n', "keras~=3.6.0", "keras~=3.7.0"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "3.5.0", "3.7.0"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "~3.6", "~3.7"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "3.5.* || 3.6.*", "3.7.*"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', ">=3.5 <3.7", ">=3.7 <3.8"),
        ("pyproject.toml", '[tool.poetry.dependencies.keras]\nextras = []\nversion = "{}"\n', "3.5.0", "3.7.0"),
        ("pyproject.toml", '[tool.pdm.dev-dependencies]\na = ["{}"]\n', "keras==3.5.0", "keras==3.7.0"),
        ("pyproject.toml", '[tool.hatch.envs.t]\ndependencies = ["{}"]\n', "keras==3.5.0", "keras==3.7.0"),
        ("pyproject.toml", '[tool.uv]\nconstraint-dependencies = ["{}"]\n', "keras==3.5.0", "keras==3.7.0"),
        ("pyproject.toml", '[tool.pixi.pypi-dependencies]\nkeras = "{}"\n', "==3.5.0", "==3.7.0"),
        ("Pipfile", '[packages]\nkeras = "{}"\n', "==3.5.0", "==3.7.0"),
        ("Pipfile", "[dev-packages]\nkeras = {{version = '{}', extras = []}}\n", "~=3.6.0", "~=3.7.0"),
        ("pixi.toml", '[dependencies]\nkeras = "{}"\n', "3.5.*", "3.7.*"),
        ("pixi.toml", '[dependencies]\nkeras = {{ version = "{}", channel = "x" }}\n', ">=3.5,<3.7", ">=3.7,<3.8"),
        ("environment.yml", "dependencies:\n  - conda-forge::{}\n", "keras=3.5", "keras=3.7"),
        ("environment.yml", "dependencies:\n  - {}\n", "keras==3.5.0", "keras==3.7.0"),
        ("environment.yml", "dependencies:\n  - {}\n", "keras 3.5.0|3.6.0", "keras 3.7.0"),
        ("environment.yml", "dependencies:\n  - pip:\n      - '{}'\n", "keras==3.5.0", "keras==3.7.0"),
        ("setup.cfg", "[options]\ninstall_requires =\n    numpy\n    {}\n", "keras==3.5.0", "keras==3.7.0"),
        ("setup.py", "from setuptools import setup\nsetup(install_requires=['{}'])\n", "keras==3.5.0", "keras==3.7.0"),
        ("setup.py", 'K = "{}"\nsetup(install_requires=[f"keras=={{K}}"])\n', "3.5.0", "3.7.0"),
        ("Dockerfile", "FROM a\nRUN pip install {} && b\n", "keras==3.5.0", "keras==3.7.0"),
        ("Dockerfile", "FROM a\nARG K={}\nRUN uv pip install keras==$K\n", "3.6.0", "3.7.0"),
        ("Dockerfile", "ARG K={}\nFROM a\nARG K\nRUN pip install keras~=${{K}} && b\n", "3.6.0", "3.7.0"),
        ("Dockerfile", "FROM a\nRUN pip install '{}'\n", "keras>=3.5,<3.7", "keras>=3.7,<3.8"),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: |\n          pip install {}\n",
         "keras==3.5.0", "keras==3.7.0"),
        ("run.py", '# /// script\n# dependencies = ["{}"]\n# ///\nimport keras\n', "keras==3.5.0", "keras==3.7.0"),
    ],
)  # fmt: skip
def test_a_pin_is_found_where_it_stands_and_mended_in_its_style(
    path: str, template: str, before: str, after: str
) -> None:
    text = template.format(before)
    (item,) = check_source(text, path)
    assert (item.code, item.severity) == ("KER201", Severity.ERROR)
    assert fixed_text(path, text) == template.format(after)
    assert check_source(template.format(after), path) == []
    assert item.noqa_rows


@pytest.mark.parametrize(
    ("path", "template", "before", "after"),
    [
        ("requirements.txt", "numpy\n{}\n", "keras>=3.4", "keras>=3.4,!=3.5.*,!=3.6.*"),
        ("requirements.txt", "numpy\n{}\n", "keras >= 3.4, < 4", "keras >= 3.4, < 4, !=3.5.*, !=3.6.*"),
        ("requirements.txt", "numpy\n{}\n", "keras>=3.5", "keras>=3.7"),
        ("requirements.txt", "numpy\n{}\n", "keras~=3.5", "keras~=3.7"),
        ("requirements.txt", "numpy\n{}\n", "keras>=3,!=3.5.0", "keras>=3,!=3.5.0,!=3.6.*"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "^3.5", "^3.7"),
        ("environment.yml", "dependencies:\n  - {}\n", "keras >=3.6", "keras >=3.7"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "^3.4", "^3.4,!=3.5.*,!=3.6.*"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "3.*", "3.*,!=3.5.*,!=3.6.*"),
        ("environment.yml", "dependencies:\n  - {}\n", "keras=3", "keras=3,!=3.5.*,!=3.6.*"),
        ("pixi.toml", '[dependencies]\nkeras = "{}"\n', ">=3.4,<4", ">=3.4,<4,!=3.5.*,!=3.6.*"),
        ("Pipfile", '[packages]\nkeras = "{}"\n', ">=3.4", ">=3.4,!=3.5.*,!=3.6.*"),
        ("setup.cfg", "[options]\ninstall_requires =\n    {}\n", "keras>=3.4", "keras>=3.4,!=3.5.*,!=3.6.*"),
        ("Dockerfile", "FROM a\nRUN pip install {}\n", "keras~=3.4", "keras~=3.4,!=3.5.0,!=3.6.0"),
        ("Dockerfile", "FROM a\nRUN pip install '{}'\n", "keras>=3.4", "keras>=3.4,!=3.5.*,!=3.6.*"),
    ],
)  # fmt: skip
def test_a_range_is_found_only_where_the_run_found_what_it_breaks(
    path: str, template: str, before: str, after: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path(path).write_text(template.format(before))
    Path("train.py").write_text(BUG)
    command = ["--output-format", "json", "--isolated"]
    assert check_source(template.format(before), path) == []
    assert main([*command, path]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main([*command, "train.py"]) == 1
    assert [item["code"] for item in json.loads(capsys.readouterr().out)] == ["KER101"]
    assert main([*command, "."]) == 1
    found = {item["code"]: item for item in json.loads(capsys.readouterr().out)}
    assert set(found) == {"KER101", "KER201"}
    assert found["KER201"]["severity"] == "warning"
    assert re.search(r", which sends? the losses of a dict to .* \(KER101 found\); ", found["KER201"]["message"])
    main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "-q", "."])
    assert Path(path).read_text() == template.format(after)
    assert Path("train.py").read_text() == BUG
    capsys.readouterr()
    assert main([*command, "."]) == 0


@pytest.mark.parametrize(
    ("path", "template", "before", "after"),
    [
        ("requirements.txt", "numpy\n{}\n", "keras<3.6", "keras<3.8,!=3.5.*,!=3.6.*"),
        ("requirements.txt", "numpy\n{}\n", "keras>=3.4,<3.7", "keras>=3.4,<3.8,!=3.5.*,!=3.6.*"),
        ("requirements.txt", "numpy\n{}\n", "keras>=2.15, !=3.5.*, <=3.6.0", "keras>=2.15, !=3.5.*, <=3.7.0, !=3.6.*"),
        ("requirements.txt", "tensorflow==2.20.0\n{}\n", "keras>=3.4,<3.7", "keras>=3.4,<3.11,!=3.5.*,!=3.6.*"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', ">=3.4 <3.6", ">=3.4 <3.8,!=3.5.*,!=3.6.*"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = "{}"\n', "3.4.* || 3.6.*", "3.4.* || 3.7.*"),
        ("environment.yml", "dependencies:\n  - {}\n", "keras >=3.4,<3.7", "keras >=3.4,<3.8,!=3.5.*,!=3.6.*"),
        ("Dockerfile", "FROM a\nRUN pip install '{}'\n", "keras<=3.6", "keras<=3.7,!=3.5.*,!=3.6.*"),
    ],
)  # fmt: skip
def test_a_range_whose_newest_release_is_a_bad_one_is_found_by_itself_and_lifted(
    path: str, template: str, before: str, after: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path(path).write_text(template.format(before))
    command = ["--output-format", "json", "--isolated"]
    assert main([*command, path]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    newest = "3.5.0" if "<3.6" in before else "3.6.0"
    assert (found["code"], found["severity"]) == ("KER201", "warning")
    assert ", which can send the losses of a dict " in found["message"]
    assert f" to other outputs; a fresh install takes {newest}; write " in found["message"]
    assert f"is taken instead of {newest})" in found["fixes"][0]["message"]
    Path("train.py").write_text(BUG)
    assert main([*command, "."]) == 1
    found = {item["code"]: item for item in json.loads(capsys.readouterr().out)}
    assert f" (KER101 found); a fresh install takes {newest}; write " in found["KER201"]["message"]
    main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "-q", "."])
    assert Path(path).read_text() == template.format(after)
    capsys.readouterr()
    assert main([*command, "."]) == 0


@pytest.mark.parametrize("other", ["constraints.txt", "requirements-old.txt", "pyproject.toml", "uv.lock"])
def test_a_range_is_not_found_by_itself_where_the_project_takes_another_release(
    other: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path("requirements.txt").write_text("keras>=3.0,<3.7\n")
    Path(other).write_text(
        {
            "pyproject.toml": '[project]\ndependencies = ["keras>=3.7"]\n',
            "uv.lock": '[[package]]\nname = "keras"\nversion = "3.4.1"\n',
        }.get(other, "keras==3.4.1\n")
    )
    assert main(["--isolated", "."]) == 0
    Path(other).unlink()
    assert main(["--isolated", "."]) == 1


HEADS = '[project]\nname = "heads"\nversion = "1"\ndependencies = ["{}"]\n'
LOCKED = '[[package]]\nname = "keras"\nversion = "3.6.0"\n'
COMPILED = (
    "# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\n{}\nkeras==3.6.0\n"
)


@pytest.mark.parametrize(
    ("lock", "locked", "declared", "text", "advice"),
    [
        ("uv.lock", LOCKED, "pyproject.toml", HEADS.format("keras>=3.4,<3.7"),
         "first raise keras>=3.4,<3.7 (pyproject.toml:4) to allow 3.7, then run uv lock --upgrade-package keras"),
        ("uv.lock", LOCKED, "pyproject.toml", HEADS.format("keras==3.6.0"),
         "first raise keras==3.6.0 (pyproject.toml:4) to allow 3.7, then run uv lock --upgrade-package keras"),
        ("uv.lock", LOCKED, "pyproject.toml", HEADS.format("keras>=3.4,<4"), "run uv lock --upgrade-package keras"),
        ("uv.lock", LOCKED, "pyproject.toml",
         HEADS.format("keras<3.7") + '[tool.uv]\noverride-dependencies = ["keras>=3.4"]\n',
         "run uv lock --upgrade-package keras"),
        ("uv.lock", LOCKED, "pyproject.toml",
         HEADS.format("keras>=3.4") + '[project.optional-dependencies]\nold = [\n"keras<3.7",\n]\n',
         "first raise keras<3.7 (pyproject.toml:7) to allow 3.7, then run uv lock --upgrade-package keras"),
        ("uv.lock", LOCKED, "requirements.txt", "keras<3.7\n", "run uv lock --upgrade-package keras"),
        ("poetry.lock", LOCKED, "pyproject.toml", '[tool.poetry.dependencies]\nkeras = ">=3.4 <3.7"\n',
         "first raise keras>=3.4,<3.7 (pyproject.toml:2) to allow 3.7, then run poetry update keras"),
        ("Pipfile.lock", '{"default": {"keras": {"version": "==3.6.0"}}}', "Pipfile", '[packages]\nkeras = "<3.7"\n',
         "first raise keras<3.7 (Pipfile:2) to allow 3.7, then run pipenv update keras"),
        ("pixi.lock", "version: 6\npackages:\n- conda: https://x/noarch/keras-3.5.0-py_0.conda\n", "pixi.toml",
         '[dependencies]\nkeras = "3.5.*"\n',
         "first raise keras==3.5.* (pixi.toml:2) to allow 3.7, then run pixi update keras"),
        ("train.py.lock", LOCKED, "train.py", '# /// script\n# dependencies = ["keras<3.7"]\n# ///\nimport keras\n',
         "first raise keras<3.7 (train.py:2) to allow 3.7, then run uv lock --script train.py --upgrade-package keras"),
        ("requirements.txt", COMPILED.format("#    pip-compile --output-file=requirements.txt requirements.in"),
         "requirements.in", "keras<3.7\n",
         "first raise keras<3.7 (requirements.in:1) to allow 3.7, then run pip-compile --upgrade-package keras"),
        ("requirements.txt", COMPILED.format("#    pip-compile") + "    # via -r requirements.in\n", "requirements.in",
         "keras<3.7\n",
         "first raise keras<3.7 (requirements.in:1) to allow 3.7, then run pip-compile --upgrade-package keras"),
        ("requirements.txt", COMPILED.format("#    pip-compile requirements.in"), "requirements-old.in", "keras<3.7\n",
         "run pip-compile --upgrade-package keras"),
    ],
)  # fmt: skip
def test_a_lock_names_what_holds_it_back(
    lock: str, locked: str, declared: str, text: str, advice: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path(lock).write_text(locked)
    Path(declared).write_text(text)
    assert main(["--isolated", "--output-format", "json", "."]) == 1
    found = {Path(item["filename"]).name: item for item in json.loads(capsys.readouterr().out)}
    assert found[lock]["message"].partition("; ")[2] == advice
    if "first raise" in advice:
        assert found[declared]["code"] == "KER201"
        assert [fix["style"] for fix in found[declared]["fixes"]] == ["upgrade"]


def test_a_fix_that_can_only_lead_to_an_older_release_says_so(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path("train.py").write_text(BUG)
    said = {}
    for pin in ("keras>=3.4,<3.7,!=3.7.0", "keras>=3.4,<3.7", "keras>=3.4"):
        Path("requirements.txt").write_text(f"{pin}\n")
        assert main(["--isolated", "--output-format", "json", "."]) == 1
        (found,) = [item for item in json.loads(capsys.readouterr().out) if item["code"] == "KER201"]
        said[pin] = (found["message"].rpartition("; ")[2], found["fixes"][0]["message"])
    assert said == {
        "keras>=3.4,<3.7,!=3.7.0": (
            "write `>=3.4,<3.7,!=3.7.0,!=3.5.*,!=3.6.*` instead of `>=3.4,<3.7,!=3.7.0`, "
            "with which a fresh install takes the older Keras 3.4.1",
            "Replace `>=3.4,<3.7,!=3.7.0` by `>=3.4,<3.7,!=3.7.0,!=3.5.*,!=3.6.*` "
            "(unsafe: Keras 3.4.1 is taken instead of 3.6.0)",
        ),
        "keras>=3.4,<3.7": (
            "write `>=3.4,<3.8,!=3.5.*,!=3.6.*` instead of `>=3.4,<3.7`",
            "Replace `>=3.4,<3.7` by `>=3.4,<3.8,!=3.5.*,!=3.6.*` (unsafe: Keras 3.7.0 is taken instead of 3.6.0)",
        ),
        "keras>=3.4": (
            "write `>=3.4,!=3.5.*,!=3.6.*` instead of `>=3.4`",
            "Replace `>=3.4` by `>=3.4,!=3.5.*,!=3.6.*`",
        ),
    }


@pytest.mark.parametrize(
    ("code", "compiled"),
    [
        ("KER110", 'model.compile("adam", loss=[None, "mse"])\nmodel.fit(x, [y, y])\n'),
        (
            "KER114",
            'model.compile("adam", loss="mse")\n'
            'model.fit(x, {"small": y, "big": y}, sample_weight={"small": v, "big": w})\n',
        ),
    ],
)
def test_whatever_goes_astray_on_a_bad_release_speaks_against_a_range(
    code: str, compiled: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path("requirements.txt").write_text("keras>=3.5\n")
    Path("train.py").write_text(BUG[: BUG.index("model.compile")] + compiled)
    assert main(["--output-format", "json", "--isolated", "."]) == 1
    found = {item["code"]: item["message"] for item in json.loads(capsys.readouterr().out)}
    assert set(found) == {code, "KER201"}
    assert f"({code} found)" in found["KER201"]


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        ("uv.lock", '[[package]]\nname = "keras"\nversion = "3.5.0"\n', "uv lock --upgrade-package keras"),
        ("poetry.lock", '[[package]]\nname = "keras"\nversion = "3.5.0"\n', "poetry update keras"),
        ("pdm.lock", '[[package]]\nname = "keras"\nversion = "3.5.0"\n', "pdm update keras"),
        ("train.py.lock", '[[package]]\nname = "keras"\nversion = "3.5.0"\n',
         "uv lock --script train.py --upgrade-package keras"),
        ("pylock.toml", 'created-by = "pip"\n[[packages]]\nname = "keras"\nversion = "3.5.0"\n', "pip lock"),
        ("Pipfile.lock", '{"default": {"keras": {"version": "==3.6.0"}}}', "pipenv update keras"),
        ("pixi.lock", "version: 6\npackages:\n- conda: https://x/noarch/keras-3.5.0-py_0.conda\n", "pixi update keras"),
        ("conda-lock.yml", "version: 1\npackage:\n- name: keras\n  version: 3.5.0\n", "conda-lock --update keras"),
        ("explicit.txt", "@EXPLICIT\nhttps://x/noarch/keras-3.5.0-py_0.conda\n",
         "conda update keras, then conda list --explicit"),
        ("requirements.txt", "# This file is autogenerated by pip-compile with Python 3.11\nkeras==3.5.0\n",
         "pip-compile --upgrade-package keras"),
        ("requirements.txt", "# This file was autogenerated by uv via the following command:\n#    uv pip compile a\n"
         "keras==3.5.0\n", "uv pip compile --upgrade-package keras"),
        ("requirements.txt", "# $ conda create --name <env> --file <this file>\nkeras=3.5.0=py_0\n",
         "conda update keras, then conda list --export"),
        ("requirements.txt", "numpy=1.26.4=py_0\nkeras=3.5.0=py_0\n", "conda update keras, then conda list --export"),
        ("packages.txt", "# Name   Version   Build   Channel\nkeras    3.5.0     py_0    conda-forge\n",
         "conda update keras, then conda list"),
        ("pip-list.txt", "Package   Version\n--------- -------\nkeras     3.5.0\n",
         "pip install --upgrade keras, then pip list"),
    ],
)  # fmt: skip
def test_a_lock_names_the_command_that_makes_it_anew_and_has_no_fix(path: str, text: str, command: str) -> None:
    (item,) = check_source(text, path)
    assert (item.code, item.severity, item.fixes) == ("KER201", Severity.ERROR, ())
    assert item.message.endswith(f"; run {command}")


@pytest.mark.parametrize(
    ("path", "text"),
    [("requirements.txt", "keras==3.5.0+computecanada\n"), ("environment.yml", "dependencies:\n  - keras 3.5.0 0\n")],
)
def test_a_build_of_one_release_is_found_and_left_as_it_is(path: str, text: str) -> None:
    (item,) = check_source(text, path)
    assert (item.code, item.fixes) == ("KER201", ())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "keras==3.7.0\nkeras-hub==3.5.0\ntf-keras==3.5.0\nmy-keras==3.5.0\n"),
        ("requirements.txt", "keras\nkeras>=3.4\n# keras==3.5.0\n"),
        ("requirements.txt", "keras==3.5.0  # noqa: KER201\n"),
        ("requirements.txt", "keras==3.5.0  # noqa\n"),
        ("requirements.txt", "# keraslint: ignore-file\nkeras==3.5.0\n"),
        ("Dockerfile", "FROM a\n# noqa: KER201\nRUN pip install keras==3.5.0\n"),
        ("pyproject.toml",
         '[project]\nrequires-python = ">=3.10"\ndependencies = ["keras==3.5.0; python_version<\'3.9\'"]\n'),
        ("pyproject.toml",
         '[project]\ndependencies = ["keras==3.5.0"]\n[tool.uv]\noverride-dependencies = ["keras==3.8.0"]\n'),
        ("train.py", "# keras==3.5.0\nimport keras\n"),
    ],
)  # fmt: skip
def test_nothing_is_found(path: str, text: str) -> None:
    assert check_source(text, path) == []


def test_the_place_is_the_name_and_its_versions() -> None:
    (item,) = check_source(
        '[project]\ndependencies = ["é", "keras == 3.5.0 ; python_version>\'3\'"]\n', "pyproject.toml"
    )
    assert ((item.span.start.row, item.span.start.column), (item.span.end.row, item.span.end.column)) == (
        (2, 23),
        (2, 37),
    )


def test_tensorflow_decides_whether_there_is_an_upgrade(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("requirements.txt").write_text("keras==3.5.0\n")
    Path("pyproject.toml").write_text('[project]\ndependencies = ["tensorflow==2.15.0"]\n')
    assert main(["--isolated", "--output-format", "json", "requirements.txt"]) == 1
    (item,) = json.loads(capsys.readouterr().out)
    assert item["fixes"] == []
    assert 'upgrade TensorFlow first, dependencies = ["tensorflow==2.15.0"] (pyproject.toml:2)' in item["message"]
    (item,) = check_source("keras==3.5.0\ntensorflow==2.20.0\n", "requirements.txt")
    assert item.fixes[0].edits[0].content == "==3.10.0"  # the first that TensorFlow 2.20.0 takes
    (item,) = check_source("keras==3.5.0\ntensorflow==2.17.0\n", "requirements.txt")
    assert item.fixes[0].edits[0].content == "==3.7.0"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "keras==3.5.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"),
        ("environment.yml", "dependencies:\n  - keras=3.5.0=pyhd8ed1ab_0\n"),
        ("Dockerfile", "FROM a\nENV V=3.5.0\nRUN pip install keras==$V other==${V}\n"),
        ("setup.py", 'V = "3.5.0"\nsetup(version=V, install_requires=[f"keras=={V}"])\n'),
        ("requirements.txt", "keras @ https://files.pythonhosted.org/x/keras-3.5.0-py3-none-any.whl\n"),
    ],
)
def test_what_belongs_to_one_release_or_counts_for_others_is_not_edited(path: str, text: str) -> None:
    (item,) = check_source(text, path)
    assert (item.code, item.fixes) == ("KER201", ())


def test_a_fix_needs_both_the_style_and_leave_for_unsafe_ones(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    pin = Path("requirements.txt")
    data = "\ufeff# été\r\nkeras==3.5.0\r\n".encode("utf-16-le")
    pin.write_bytes(data)
    for options in ([], ["--unsafe-fixes"], ["--fix-style", "upgrade"]):
        assert main(["--fix", *options, "--isolated", "."]) == 1
        assert pin.read_bytes() == data
    assert main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "."]) == 0
    assert pin.read_bytes() == data.replace("5".encode("utf-16-le"), "7".encode("utf-16-le"), 1)
    assert os.listdir() == ["requirements.txt"]  # noqa: PTH208


def test_a_file_changed_by_another_program_stays(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    pin = Path("requirements.txt")
    pin.write_text("keras==3.5.0\n")
    pin.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "."]) == 2
    assert pin.read_text() == "keras==3.5.0\n"
    assert "not fixed: Permission denied" in capsys.readouterr().err


def test_a_keras_version_that_is_given_goes_over_the_files(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("requirements.txt").write_text("keras==3.5.0\n")
    assert main(["--isolated", "--keras-version", "3.7.0", "."]) == 0
    assert main(["--isolated", "--ignore", "KER2", "."]) == 0
    assert main(["--isolated", "."]) == 1


def test_an_environment_that_is_given_goes_over_the_files(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    info = tmp_path / "env/lib/python3.12/site-packages/keras-3.7.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.7.0\n")
    Path("requirements.txt").write_text("keras==3.5.0\n")
    assert main(["--isolated", "."]) == 1
    assert main(["--isolated", "--environment", "env", "."]) == 0
    Path("keraslint.toml").write_text('environment = "env"\n')
    assert main(["."]) == 0


@pytest.mark.parametrize("form", ["concise", "full", "json", "json-lines", "lsp"])
def test_every_report_shows_it(form: str, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("requirements.txt").write_text("keras==3.5.0\n")
    assert main(["--isolated", "--output-format", form, "."]) == 1
    assert "KER201" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("uv.lock", b'[[package]\nname = "keras"\n', "uv.lock:1 not valid TOML"),
        ("Pipfile.lock", b'{"default": {"keras": ', "Pipfile.lock:1 not valid JSON"),
        ("requirements.txt", b"\xff\x00keras==3.5.0\n", "requirements.txt is not utf-8 text"),
        ("requirements.txt", b"-r base.txt\n", "requirements.txt:1 base.txt can't be read"),
    ],
)
def test_a_file_that_can_not_be_read_is_said_beside_the_finding(
    name: str, content: bytes, said: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path("train.py").write_text(BUG)
    Path(name).write_bytes(content)
    main(["--isolated", "train.py"])
    out = capsys.readouterr().out
    assert f"KER101 [*] no Keras pin could be read ({said}" in out
    Path("setup.cfg").write_text("[options]\ninstall_requires = keras>=3.4\n")
    main(["--isolated", "train.py"])
    assert "KER101 [*] keras>=3.4 (setup.cfg:2) allows 3.5.0 and 3.6.0" in (out := capsys.readouterr().out)
    assert f"; not read: {said}" in out


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ("'3.5.0', '3.6.0', '3.7.0'", "allows Keras 3.5.0 and 3.6.0, which send"),
        ("'3.6.0', '3.10.0'", "allows Keras 3.6.0, which sends"),
        ("'3.6.0'", "installs Keras 3.6.0, which can send"),
        ("'3.4.1', '3.7.0'", None),
    ],
)
def test_a_matrix_with_a_bad_release_is_reported_beside_a_lock_that_is_right(
    versions: str, message: str | None, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".github/workflows").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    Path("uv.lock").write_text('[[package]]\nname = "keras"\nversion = "3.7.0"\n')
    Path("train.py").write_text(BUG)
    Path(".github/workflows/ci.yml").write_text(
        f"jobs:\n  a:\n    strategy:\n      matrix:\n        keras: [{versions}]\n"
        "    steps:\n      - run: pip install keras==${{ matrix.keras }}\n"
    )
    assert main(["--isolated", "."]) == (message is not None)
    out, line = capsys.readouterr().out, "`run: pip install keras==${{ matrix.keras }}`"
    assert message is None or f".github/workflows/ci.yml:7:7: KER201 {line} {message} the losses of a dict" in out
    assert main(["keras", "."]) == 0
    line = "does not count, but installs another release: .github/workflows/ci.yml:7: - run: pip install"
    assert line in capsys.readouterr().out
    Path("train.py").write_text(BUG.replace('{"small": "mse", "big": "mae"}', '("mse", "mae")'))
    assert main(["--isolated", "."]) == ("installs" in (message or ""))


def test_a_broken_file_does_not_end_the_run(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[project\nkeras==3.5.0\n")
    Path("setup.cfg").write_bytes(b"\xff\xfekeras\xd8")
    Path("requirements.txt").write_text("keras==3.5.0\n")
    main(["--isolated", "."])
    assert "requirements.txt:1:1: KER201" in capsys.readouterr().out


def test_every_source_knows_its_files() -> None:
    assert len(SOURCES) == len({source for source in SOURCES for _ in [0]})
    assert sources_of("a/b/train.py")[0].role.value == "asks"


@pytest.mark.slow
@pytest.mark.parametrize(
    "rest",
    ["keras" + " " * 200_000, "keras==3" + "a" * 200_000, 'keras = "3' + ".1" * 100_000, "keras>=3," + " " * 200_000,
     "x = 3.5\n" * 20_000, "keras[" * 400 + "[" * 200_000, "version = \"" * 20_000],
)  # fmt: skip
def test_no_text_makes_the_search_slow(rest: str) -> None:
    """Each of these takes hours where an expression backtracks over what it has seen."""
    (item,) = check_source(f"keras @ https://x/keras-3.5.0-py3-none-any.whl\n# {rest}\n", "requirements.txt")
    assert item.fixes == ()
    (item,) = check_source(f"keras==3.5.0\n# {rest}\n", "requirements.txt")
    assert item.fixes[0].edits[0].content == "==3.7.0"


def test_findings_that_a_mended_pin_settles_are_not_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("keras>=3.4,<4\n")
    (tmp_path / "train.py").write_text(BUG)
    options = ["check", "--isolated", "--unsafe-fixes", "--fix-style", "upgrade"]
    assert main([*options, "."]) == 1
    capsys.readouterr()
    assert main([*options, "--fix", "."]) == 0
    assert capsys.readouterr() == ("", "Found 2 findings (1 fixed, 1 right with the new pin, 0 remaining).\n")
    assert main([*options, "."]) == 0
