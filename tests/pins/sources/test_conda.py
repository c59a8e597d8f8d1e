from __future__ import annotations

import pytest

from keraslint.pins.notation.conda_spec import conda_requirement
from keraslint.pins.requirement_line import Line
from keraslint.pins.sources.conda import CONDA_ENVIRONMENT, CONDA_EXPLICIT
from keraslint.pins.specifier_sets import as_text

LINE = Line("environment.yml", 1, "")


@pytest.mark.parametrize(
    ("spec", "admitted"),
    [
        ("keras", ""),
        ("keras=*", ""),
        ("keras *", ""),
        ("keras=3.5", "==3.5.*"),
        ("keras=3.5.*", "==3.5.*"),
        ("keras 3.5.*", "==3.5.*"),
        ("keras =3.5", "==3.5.*"),
        ("keras==3.5.0", "==3.5.0"),
        ("keras=3.5.0", "==3.5.0"),
        ("keras 3.5.0", "==3.5.0"),
        ("keras=3.5.0=pyhd8ed1ab_0", "==3.5.0"),
        ("keras==3.5.0=py_0", "==3.5.0"),
        ("keras 3.5.0 py_0", "==3.5.0"),
        ("keras>=3.4,<3.7", ">=3.4,<3.7"),
        ("keras >=3.4, <3.7", ">=3.4,<3.7"),
        ("keras >= 3.4 , < 3.7 py_0", ">=3.4,<3.7"),
        ("keras>=3.4,<3.7=py_0", ">=3.4,<3.7"),
        ("keras!=3.5.*,>=3", ">=3,!=3.5.*"),
        ("keras~=3.5", "~=3.5"),
        ("keras=3.5|=3.7", "==3.5.* or ==3.7.*"),
        ("keras 3.5.*|3.7.*", "==3.5.* or ==3.7.*"),
        ("conda-forge::keras=3.5", "==3.5.*"),
        ("conda-forge/linux-64::keras==3.5.0", "==3.5.0"),
        ("keras[version='>=3.4,<3.7',build=py_0]", ">=3.4,<3.7"),
        ("keras[version=3.5.0]", "==3.5.0"),
        ("tensorflow-gpu=2.18=cuda126*", "==2.18.*"),
        ("tensorflow-base 2.18.*", "==2.18.*"),
    ],
)
def test_specifications(spec, admitted):
    found = conda_requirement(LINE, spec)
    assert [as_text(item.alternatives) for item in found.conditions] == [admitted]
    assert found.skipped == ()


@pytest.mark.parametrize("spec", ["keras=>3", "keras=3.x", "keras<", "keras=3|newest"])
def test_no_specification(spec):
    found = conda_requirement(LINE, spec)
    assert [item.reason for item in found.skipped] == [f"not a conda specification: {spec}"]


@pytest.mark.parametrize(
    "spec", ["keras-tuner=1", "numpy", "", "=", "::", "[keras]", "conda-forge::python=3.10", "tf-keras=2.17"]
)
def test_nothing_about_keras(spec):
    found = conda_requirement(LINE, spec)
    assert (found.conditions, found.skipped) == ((), ())


ENVIRONMENT = """\
name: two-heads
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.11
  - numpy  # keras=3.7
  - {line}
prefix: /opt/conda/envs/two-heads
"""


class TestEnvironment:
    @pytest.mark.parametrize(
        ("line", "admitted", "strength", "affected"),
        [
            ("keras=3.5.0", "==3.5.0", "exact", True),
            ("keras=3.6", "==3.6.*", "range", True),
            ("'keras>=3.4,<3.7'", ">=3.4,<3.7", "range", True),
            ("conda-forge::keras>=3.7", ">=3.7", "range", False),
            ("keras>=3.4  # the head", ">=3.4", "range", True),
            ("keras", "", "bare", True),
            ("tensorflow=2.15", "<3", "range", False),
            ("tensorflow=2.18", ">=3.5.0", "range", True),
        ],
    )
    def test_packages(self, lay, line, admitted, strength, affected):
        answer = lay({"environment.yml": ENVIRONMENT.replace("{line}", line)})
        assert (answer.admitted, answer.releases.strength) == (admitted, strength)
        assert ("3.6.0" in answer.versions or "3.5.0" in answer.versions) is affected
        assert answer.evidence == [("environment.yml", 8, f"- {line}")]
        assert answer.skipped == []

    def test_what_pip_installs(self, lay):
        text = ENVIRONMENT.replace(
            "{line}", "pip\n  - pip:\n    - --extra-index-url https://host.example\n    - keras==3.5.0"
        )
        answer = lay({"environment.yml": text})
        assert answer.evidence == [("environment.yml", 11, "- keras==3.5.0")]

    def test_requirements_files(self, lay):
        text = ENVIRONMENT.replace("{line}", "pip:\n    - -r deps/all.list")
        answer = lay({"environment.yml": text, "deps/all.list": "keras==3.6.0\n"})
        assert answer.evidence == [("deps/all.list", 1, "keras==3.6.0")]

    def test_the_declared_python_decides_markers(self, lay):
        text = ENVIRONMENT.replace(
            "{line}", "pip:\n    - keras==3.5.0; python_version < '3.10'\n    - keras==3.7.0; python_version > '3.9'"
        )
        assert lay({"environment.yml": text}).admitted == "==3.7.0"

    @pytest.mark.parametrize(
        ("text", "row", "reason"),
        [
            ("dependencies:\n  - keras=3.5\n - x\n", 3, "not valid YAML"),
            ("dependencies: [keras=3.5\n", 2, "not valid YAML"),
            ("dependencies:\n  keras: 3.5\n", 2, "not a list"),
            ("dependencies:\n  - keras=>3\n", 2, "not a conda specification"),
            ("dependencies:\n  - pip:\n    - keras=3.5\n", 3, "did you mean `keras==3.5`?"),
            ("\tdependencies:\n", 1, "not valid YAML"),
            ("a: &a [*b]\n", 1, "not valid YAML"),
            pytest.param("[" * 5000, 0, "not valid YAML", marks=pytest.mark.slow),
        ],
    )
    def test_malformed(self, lay, text, row, reason):
        answer = lay({"environment.yml": text, "requirements.txt": "keras==3.7.0\n"})
        [(filename, at, said)] = answer.skipped
        assert (filename, at) == ("environment.yml", row)
        assert reason in said
        assert answer.admitted == "==3.7.0"

    @pytest.mark.parametrize(
        "text", ["", "- keras\n", "3\n", "dependencies:\n", "dependencies:\n  - [keras]\n  - {pip: keras}\n  - 3\n"]
    )
    def test_odd_shapes(self, lay, text):
        assert lay({"environment.yml": text}).releases.strength == "none"

    @pytest.mark.parametrize(
        ("name", "claimed"),
        [
            ("environment.yml", True),
            ("environment.yaml", True),
            ("environment-gpu.yml", True),
            ("environment_dev.yml", True),
            ("dev-environment.yml", True),
            ("conda.yaml", True),
            ("env.yml", True),
            ("conda-lock.yml", False),
            ("gpu.conda-lock.yml", False),
            ("mkdocs.yml", False),
            ("sub/environment.yml", False),
        ],
    )
    def test_claims(self, name, claimed):
        assert CONDA_ENVIRONMENT.claims(name) is claimed


EXPLICIT = """\
# This file may be used to create an environment using:
# $ conda create --name <env> --file <this file>
# platform: linux-64
@EXPLICIT
https://conda.anaconda.org/conda-forge/noarch/keras-tuner-1.4.7-pyhd8ed1ab_0.conda#1f2e
https://conda.anaconda.org/conda-forge/noarch/keras-{version}-pyhd8ed1ab_0.conda#3d4c
"""


class TestExplicit:
    @pytest.mark.parametrize(("version", "affected"), [("3.5.0", True), ("3.7.0", False)])
    def test_addresses(self, lay, version, affected):
        text = EXPLICIT.replace("{version}", version)
        answer = lay({"conda-linux-64.lock": text})
        assert (answer.admitted, answer.releases.strength) == (f"=={version}", "exact")
        assert ("3.5.0" in answer.versions) is affected
        assert answer.evidence == [("conda-linux-64.lock", 6, text.split("\n")[5])]

    def test_a_version_that_is_none(self, lay):
        answer = lay({"conda-linux-64.lock": EXPLICIT.replace("{version}", "head")})
        assert answer.skipped == [("conda-linux-64.lock", 6, "not a version: 'head'")]

    def test_another_file_of_that_name(self, lay):
        answer = lay({"spec-file.txt": "keras==3.5.0\n", "explicit.txt": "keras"})
        assert answer.releases.strength == "none"

    def test_a_requirements_file_of_such_a_name_is_read_as_what_it_is(self, lay):
        assert lay({"requirements-conda.txt": "keras==3.5.0\n"}).admitted == "==3.5.0"
        assert lay({"requirements-conda.txt": EXPLICIT.replace("{version}", "3.6.0")}).admitted == "==3.6.0"

    def test_claims(self):
        claimed = [
            name
            for name in ("conda-osx-arm64.lock", "explicit-gpu.txt", "uv.lock", "notes.txt")
            if CONDA_EXPLICIT.claims(name)
        ]
        assert claimed == ["conda-osx-arm64.lock", "explicit-gpu.txt"]


def test_an_entry_that_is_no_package_is_skipped(lay):
    answer = lay({"environment.yml": "dependencies:\n  - keras: 3.5.0\n  - pip:\n    - {keras: 3.5}\n"})
    assert [item[:2] for item in answer.skipped] == [("environment.yml", 2), ("environment.yml", 4)]
