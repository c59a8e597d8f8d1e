from __future__ import annotations

import pytest
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion

from keraslint.pins.deciding_versions import deciding_versions, takes
from keraslint.pins.sources.poetry import poetry_specifiers

# The equivalents as Poetry's documentation of dependency specification gives them.
DOCUMENTED = [
    ("^1.2.3", [">=1.2.3,<2.0.0"]),
    ("^1.2", [">=1.2.0,<2.0.0"]),
    ("^1", [">=1.0.0,<2.0.0"]),
    ("^0.2.3", [">=0.2.3,<0.3.0"]),
    ("^0.0.3", [">=0.0.3,<0.0.4"]),
    ("^0.0", [">=0.0.0,<0.1.0"]),
    ("^0", [">=0.0.0,<1.0.0"]),
    ("~1.2.3", [">=1.2.3,<1.3.0"]),
    ("~1.2", [">=1.2.0,<1.3.0"]),
    ("~1", [">=1.0.0,<2.0.0"]),
    ("*", [""]),
    ("1.*", ["==1.*"]),
    ("1.2.*", ["==1.2.*"]),
    (">= 1.2.0", [">=1.2.0"]),
    ("> 1", [">1"]),
    ("!= 1.2.3", ["!=1.2.3"]),
    (">= 1.2, < 1.5", [">=1.2,<1.5"]),
    ("==1.2.3", ["==1.2.3"]),
    ("1.2.3", ["==1.2.3"]),
    (">=1.2 <1.5", [">=1.2,<1.5"]),
    ("^1.2 || ^3.4", [">=1.2,<2", ">=3.4,<4"]),
    ("~1.2|3.*", [">=1.2,<1.3", "==3.*"]),
    ("~=1.2.3", ["~=1.2.3"]),
    ("v1.2.3", ["==1.2.3"]),
    ("=1.2", ["==1.2"]),
    ("=1.2.*", ["==1.2.*"]),
    ("!=1.2.*,>=1", [">=1,!=1.2.*"]),
]


@pytest.mark.parametrize(("text", "same"), DOCUMENTED)
def test_constraints(text, same):
    for found, item in zip(poetry_specifiers(text), map(SpecifierSet, same), strict=True):
        deciding = deciding_versions((*found, *item))
        assert [takes(found, version) for version in deciding] == [takes(item, version) for version in deciding]


@pytest.mark.parametrize("text", ["^", "latest", "^x", "3..5", ">=", "=> 3"])
def test_no_constraints(text):
    with pytest.raises((InvalidSpecifier, InvalidVersion)):
        poetry_specifiers(text)


def project(body: str) -> dict[str, str]:
    return {"pyproject.toml": f'[tool.poetry]\nname = "a"\n\n[tool.poetry.dependencies]\npython = "^3.10"\n{body}'}


@pytest.mark.parametrize(
    ("line", "admitted", "strength"),
    [
        ('keras = "3.5.0"', "==3.5.0", "exact"),
        ('keras = "==3.5.0"', "==3.5.0", "exact"),
        ('Keras = "^3.4"', ">=3.4,<4", "range"),
        ('keras = "~3.5"', ">=3.5,<3.6", "range"),
        ('keras = "3.6.*"', "==3.6.*", "range"),
        ('keras = "*"', "", "bare"),
        ('keras = {version = "^3.7", extras = ["x"]}', ">=3.7,<4", "range"),
        ('keras = "~3.4 || ~3.6"', ">=3.4,<3.5 or >=3.6,<3.7", "range"),
        ('keras = {git = "https://github.com/keras-team/keras", tag = "v3.5.0"}', "==3.5.0", "exact"),
        ('keras = {url = "https://host.example/keras-3.6.0-py3-none-any.whl"}', "==3.6.0", "exact"),
        ('tensorflow = "~2.18"', ">=3.5.0", "range"),
    ],
)
def test_dependencies(lay, line, admitted, strength):
    answer = lay(project(f'numpy = "*"\n{line}\n'))
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert answer.evidence == [("pyproject.toml", 7, line)]
    assert answer.skipped == []


def test_a_table_of_its_own(lay):
    answer = lay(project('\n[tool.poetry.dependencies.keras]\nversion = "3.5.0"\noptional = true\n'))
    assert answer.admitted == "==3.5.0"
    assert answer.evidence == [("pyproject.toml", 7, "[tool.poetry.dependencies.keras]")]


def test_multiple_constraints(lay):
    body = """\
keras = [
    {version = "3.5.0", python = "<3.9"},
    {version = "3.6.0", python = "^3.10", platform = "darwin"},
    {version = "^3.7", markers = "sys_platform != 'darwin'"},
]
"""
    answer = lay(project(body))
    assert answer.admitted == "==3.6.0 or >=3.7,<4"
    assert not answer.releases.contradicts
    assert [row for _, row, _ in answer.evidence] == [8, 9]


def test_groups(lay):
    body = """
[tool.poetry.group.train.dependencies]
keras = "3.5.0"
[tool.poetry.dev-dependencies]
keras = "3.6.0"
"""
    answer = lay(project(body))
    assert answer.admitted == "==3.6.0 or ==3.5.0"
    assert [row for _, row, _ in answer.evidence] == [10, 8]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('keras = "latest"', "not a version constraint of Poetry"),
        ("keras = 3.5", "not a version constraint of Poetry"),
        ('keras = {git = "https://github.com/keras-team/keras"}', "names no release"),
        ('keras = {path = "../keras"}', "names no release"),
        ('keras-nightly = "*"', "nightly"),
    ],
)
def test_what_cannot_be_told(lay, line, reason):
    answer = lay(project(line) | {"requirements.txt": "keras==3.6.0\n"})
    [(filename, row, said)] = answer.skipped
    assert (filename, row) == ("pyproject.toml", 6)
    assert reason in said
    assert answer.admitted == "==3.6.0"
