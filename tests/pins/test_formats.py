"""Every format in four kinds: affected, not affected, mixed, and malformed, after which the run goes on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from keraslint.pins.registry import SOURCES, sources_of
from keraslint.pins.sources.dockerfile import DOTENV

from .conftest import Lay

BAD = {"3.5.0", "3.6.0"}


@dataclass(frozen=True)
class Format:
    """A real-shaped file with ``{}`` where a condition stands, and conditions in its notation.

    affected: allows only bad releases. right: none of them. mixed: both. malformed: a text that can't be told.
    """

    path: str
    template: str
    affected: str
    right: str
    mixed: str | None
    malformed: str


PEP508 = ("keras==3.5.0", "keras>=3.7", "keras>=3.4")
LOCKED = '[[package]]\nname = "numpy"\nversion = "1.26.4"\n\n[[package]]\nname = "keras"\nversion = "{}"\n'
TWICE = '3.6.0"\n\n[[package]]\nname = "keras"\nversion = "3.7.0'
EXPORT = "# $ conda create --name <env> --file <this file>\n# platform: linux-64\nnumpy=1.26.4=py311_0\nkeras={}=pyh1\n"
BROKEN_LOCK = '[[package]\nname = "keras"\n'

FORMATS = [
    Format("requirements.txt", "-i https://x/simple\nnumpy\n{}  # x\n", *PEP508, "keras=2.2.4=0\n"),
    Format("requirements/base.txt", "numpy\n{} ; python_version > '3'\n", *PEP508, "keras==3.5.0 ; nothing\n"),
    Format("requirements.txt", EXPORT, "3.5.0", "3.7.0", "3.6.0=py_0\nkeras=3.7.0", EXPORT.format("3.x.y")),
    Format("pip-freeze.txt", "absl-py==2.1.0\n{}\n-e git+https://x/y#egg=y\n", *PEP508, "keras==3.5.0.x\n"),
    Format("frozen_packages.txt", "numpy @ file:///x/numpy.whl\n{}\n", *PEP508, "keras==3.5.0 ; nothing\n"),
    Format(
        "pip_list.txt",
        "Package   Version\n--------- -------\nkeras     {}\nnumpy     1.26.4\n",
        "3.5.0",
        "3.7.0",
        "3.6.0\nkeras    3.7.0",
        "Package   Version\n--------- -------\nkeras  =>3\n",
    ),
    Format(
        "meta.yaml",
        '{{% set version = "1.0" %}}\npackage:\n  name: a\nrequirements:\n  host:\n    - keras 3.2\n  run:\n'
        "    - python {{{{ python }}}}\n    - {}  # [linux]\n",
        "keras =3.5.0",
        "keras >=3.7",
        "keras >=3.4",
        "requirements:\n  run:\n    - keras {{ keras }}\n",
    ),
    Format("constraints.txt", "numpy<2\n{}\n", *PEP508, "keras=>3\n"),
    Format(
        "pyproject.toml",
        '[project]\nname = "a"\ndependencies = [\n  "numpy",\n  "{}",\n]\n',
        *PEP508,
        "[project\nkeras",
    ),
    Format(
        "pyproject.toml",
        '[project]\nname = "a"\n[dependency-groups]\ntest = ["pytest"]\nml = ["{}", {{include-group = "test"}}]\n',
        *PEP508,
        '[dependency-groups]\nml = ["keras==3.5.0.x"]\n',
    ),
    Format(
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.11"\nkeras = "{}"\n',
        "~3.5",
        "^3.7",
        "^3.4",
        '[tool.poetry.dependencies]\nkeras = "~>3.5"\n',
    ),
    Format(
        "pyproject.toml",
        '[tool.pdm.dev-dependencies]\nml = ["{}"]\n',
        *PEP508,
        '[tool.pdm.dev-dependencies]\nml = ["keras=3.5"]\n',
    ),
    Format(
        "pyproject.toml",
        '[tool.hatch.envs.ml]\ndependencies = ["{}"]\n',
        *PEP508,
        "[tool.hatch.envs.ml]\ndependencies = 'keras'\n",
    ),
    Format(
        "pyproject.toml",
        '[project]\nname = "a"\ndependencies = ["keras"]\n[tool.uv]\nconstraint-dependencies = ["{}"]\n',
        *PEP508,
        '[tool.uv]\nconstraint-dependencies = ["keras 3.5"]\n',
    ),
    Format(
        "pyproject.toml",
        '[tool.pixi.dependencies]\nkeras = "{}"\n',
        "3.5.*",
        ">=3.7",
        ">=3.4",
        "[tool.pixi.dependencies]\nkeras = 3\n",
    ),
    Format(
        "pixi.toml",
        '[workspace]\nchannels = ["conda-forge"]\n[dependencies]\nkeras = "{}"\n',
        "3.5.*",
        ">=3.7,<4",
        ">=3.4",
        "[dependencies\n",
    ),
    Format(
        "Pipfile",
        '[[source]]\nurl = "https://pypi.org/simple"\n[packages]\nkeras = "{}"\n',
        "==3.5.0",
        ">=3.7",
        ">=3.4",
        '[packages]\nkeras = "=3.5"\n',
    ),
    Format(
        "environment.yml",
        "name: a\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - {}\n",
        "keras=3.5",
        "keras=3.7",
        "keras>=3.4",
        "dependencies: [keras\n",
    ),
    Format(
        "environment.yml",
        "dependencies:\n  - pip\n  - pip:\n      - {}\n",
        *PEP508,
        "dependencies:\n  - pip:\n      - keras=3.5\n",
    ),
    Format(
        "setup.cfg",
        "[metadata]\nname = a\n\n[options]\ninstall_requires =\n    numpy\n    {}\n",
        *PEP508,
        "[options]\ninstall_requires =\n    keras=3.5\n",
    ),
    Format(
        "setup.py",
        'from setuptools import setup\n\nREQUIRED = ["numpy", "{}"]\nsetup(name="a", install_requires=REQUIRED)\n',
        *PEP508,
        "from setuptools import setup\nsetup(install_requires=wanted())\n",
    ),
    Format(
        "Dockerfile",
        "FROM python:3.11\nRUN pip install --no-cache-dir numpy \\\n    '{}'\n",
        *PEP508,
        "FROM python:3.11\nRUN pip install keras==$KERAS\n",
    ),
    Format(
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: pip install '{}'\n",
        *PEP508,
        "jobs: [keras\n",
    ),
    Format(
        "train.py",
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["{}"]\n# ///\nimport keras\n',
        *PEP508,
        '# /// script\n# dependencies = ["keras"\n# ///\n',
    ),
    Format("uv.lock", "version = 1\n\n" + LOCKED, "3.5.0", "3.7.0", TWICE, BROKEN_LOCK),
    Format("poetry.lock", LOCKED, "3.5.0", "3.7.0", TWICE, BROKEN_LOCK),
    Format("pdm.lock", LOCKED, "3.5.0", "3.7.0", TWICE, BROKEN_LOCK),
    Format(
        "pylock.toml",
        'lock-version = "1.0"\n' + LOCKED.replace("[[package", "[[packages"),
        "3.5.0",
        "3.7.0",
        TWICE.replace("[[package", "[[packages"),
        BROKEN_LOCK,
    ),
    Format(
        "pylock.ml.toml",
        'lock-version = "1.0"\n' + LOCKED.replace("[[package", "[[packages"),
        "3.6.0",
        "3.7.0",
        TWICE.replace("[[package", "[[packages"),
        BROKEN_LOCK,
    ),
    Format("train.py.lock", "version = 1\n\n" + LOCKED, "3.5.0", "3.7.0", TWICE, BROKEN_LOCK),
    Format(
        "Pipfile.lock",
        '{{"_meta": {{}}, "default": {{"keras": {{"version": "=={}"}}}}}}',
        "3.5.0",
        "3.7.0",
        '3.6.0"}}, "develop": {"keras": {"version": "==3.7.0',
        '{"default": {"keras": ',
    ),
    Format(
        "conda-lock.yml",
        "version: 1\npackage:\n- name: keras\n  version: {}\n  manager: conda\n",
        "3.5.0",
        "3.7.0",
        "3.6.0\n  platform: linux-64\n- name: keras\n  version: 3.7.0",
        "package:\n- name: keras\n",
    ),
    Format(
        "pixi.lock",
        "version: 6\npackages:\n- conda: https://x/noarch/keras-{}-pyhd8ed1ab_0.conda\n  license: a\n",
        "3.5.0",
        "3.7.0",
        "3.6.0-py_0.conda\n- conda: https://x/noarch/keras-3.7.0",
        "packages:\n- keras\n",
    ),
    Format(
        "conda-linux-64.lock",
        "@EXPLICIT\nhttps://x/noarch/keras-{}-py_0.conda#ab\n",
        "3.5.0",
        "3.7.0",
        "3.6.0-py_0.conda\nhttps://x/noarch/keras-3.7.0",
        "@EXPLICIT\nhttps://x/noarch/keras-head-py_0.conda\n",
    ),
]
IDS = [f"{item.path} {index}" for index, item in enumerate(FORMATS)]


def filled(item: Format, condition: str) -> dict[str, str]:
    """The file; a lock of a script stands beside a script that asks for any Keras."""
    files = {item.path: item.template.format(condition)}
    if item.path == "train.py.lock":
        files["train.py"] = '# /// script\n# dependencies = ["keras"]\n# ///\n'
    return files


@pytest.mark.parametrize("item", FORMATS, ids=IDS)
def test_affected(lay: Lay, item: Format) -> None:
    answer = lay(filled(item, item.affected))
    assert set(answer.versions)
    assert set(answer.versions) <= BAD
    [(name, row, text)] = answer.evidence
    assert name == item.path
    assert text == item.template.format(item.affected).split("\n")[row - 1].strip()
    assert answer.skipped == []


@pytest.mark.parametrize("item", FORMATS, ids=IDS)
def test_not_affected(lay: Lay, item: Format) -> None:
    answer = lay(filled(item, item.right))
    assert set(answer.versions)
    assert not set(answer.versions) & BAD
    assert answer.skipped == []


@pytest.mark.parametrize("item", FORMATS, ids=IDS)
def test_mixed(lay: Lay, item: Format) -> None:
    assert item.mixed is not None
    answer = lay(filled(item, item.mixed))
    assert set(answer.versions) & BAD
    assert set(answer.versions) - BAD
    assert answer.skipped == []


@pytest.mark.parametrize("item", FORMATS, ids=IDS)
def test_malformed(lay: Lay, item: Format) -> None:
    """The file is skipped with a reason, and what another file says counts."""
    other = "requirements-other.txt" if item.path == "setup.cfg" else "setup.cfg"
    pin = "keras==3.6.0\n" if other.endswith(".txt") else "[options]\ninstall_requires = keras==3.6.0\n"
    files = filled(item, item.affected) | {item.path: item.malformed}
    if item.path != "train.py.lock":
        files[other] = pin
    answer = lay(files)
    assert [name for name, _, _ in answer.skipped] == [item.path]
    if item.path != "train.py.lock":
        assert answer.versions == ["3.6.0"]
        assert (other, 1 if other.endswith(".txt") else 2) in {(name, row) for name, row, _ in answer.evidence}


def test_no_format_is_left_out() -> None:
    covered = {source for item in FORMATS for source in sources_of(item.path)}
    assert covered >= {source for source in SOURCES if source is not DOTENV}  # it holds no requirements
