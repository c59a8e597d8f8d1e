from __future__ import annotations

import pytest

MANIFEST = """\
[{prefix}workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]

[{prefix}dependencies]
python = "3.11.*"
{conda}

[{prefix}pypi-dependencies]
{pypi}
"""


def manifest(conda: str = "", pypi: str = "", more: str = "", prefix: str = "") -> str:
    return MANIFEST.replace("{conda}", conda).replace("{pypi}", pypi).replace("{prefix}", prefix) + more


@pytest.mark.parametrize(
    ("conda", "pypi", "admitted", "strength", "row"),
    [
        ('keras = "3.5.*"', "", "==3.5.*", "range", 7),
        ('keras = "==3.5.0"', "", "==3.5.0", "exact", 7),
        ('keras = ">=3.7,<4"', "", ">=3.7,<4", "range", 7),
        ('keras = "*"', "", "", "bare", 7),
        ('keras = {version = "3.6.*", channel = "conda-forge"}', "", "==3.6.*", "range", 7),
        ('tensorflow-gpu = "2.18.*"', "", ">=3.5.0", "range", 7),
        ("", 'keras = "==3.5.0"', "==3.5.0", "exact", 10),
        ("", 'keras = {version = ">=3.4", extras = ["a"]}', ">=3.4", "range", 10),
        ("", 'keras = {git = "https://github.com/keras-team/keras", tag = "v3.5.0"}', "==3.5.0", "exact", 10),
    ],
)
@pytest.mark.parametrize(("name", "prefix"), [("pixi.toml", ""), ("pyproject.toml", "tool.pixi.")])
def test_dependencies(lay, name, prefix, conda, pypi, admitted, strength, row):
    answer = lay({name: manifest(conda, pypi, prefix=prefix)})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert answer.evidence == [(name, row, conda or pypi)]
    assert answer.skipped == []


def test_features_and_targets_add_to_the_base(lay):
    more = '[feature.old.dependencies]\nkeras = "3.5.*"\n[target.linux-64.pypi-dependencies]\nkeras = "==3.6.0"\n'
    assert lay({"pixi.toml": manifest(more=more)}).admitted == "==3.6.0 or ==3.5.*"
    assert lay({"pixi.toml": manifest('keras = ">=3.4"', more=more)}).admitted == ">=3.4"


@pytest.mark.parametrize(
    ("conda", "more", "admitted"),
    [
        ('keras = "3.4.*"', '[target.win-64.dependencies]\nkeras = "3.5.*"\n', "==3.4.* or ==3.5.*"),
        ('keras = ">=3.4,<3.6"', '[target.win-64.dependencies]\nkeras = "3.7.*"\n', ">=3.4,<3.6 or ==3.7.*"),
        ('keras = ">=3.4"', '[target.win-64.dependencies]\nkeras = "<3"\n', ">=3.4 or <3"),
        ('keras = ">=3.4,<3.6"', '[target.osx-64.pypi-dependencies]\nkeras = "==3.5.0"\n', ">=3.4,<3.6"),
        (
            'keras = ">=3.4"',
            '[feature.a.dependencies]\nkeras = "3.5.*"\n[feature.a.target.osx-64.dependencies]\nkeras = "3.7.*"\n'
            '[feature.b.dependencies]\nkeras = "<3.9"\n',
            ">=3.4",
        ),
        (
            "",
            '[feature.a.dependencies]\nkeras = "3.5.*"\n[feature.a.target.osx-64.dependencies]\nkeras = "3.7.*"\n',
            "==3.5.* or ==3.7.*",
        ),
        (
            "",
            '[feature.a.dependencies]\nkeras = "3.5.*"\n[feature.a.target.osx-64.dependencies]\nnumpy = "<2"\n',
            "==3.5.*",
        ),
    ],
)
def test_the_entry_of_a_target_stands_in_for_the_common_one(lay, conda, more, admitted):
    answer = lay({"pixi.toml": manifest(conda, more=more)})
    assert (answer.admitted, answer.releases.contradicts) == (admitted, False)


@pytest.mark.parametrize(
    ("conda", "row", "reason"),
    [
        ('keras = "3.5', 7, "not valid TOML"),
        ('keras = "=>3"', 7, "not a version: '=>3'"),
        ("keras = 3.5", 7, "not a version: 3.5"),
        ('keras = {path = "../keras"}', 7, "names no release"),
    ],
)
def test_malformed(lay, conda, row, reason):
    answer = lay({"pixi.toml": manifest(conda), "requirements.txt": "keras==3.7.0\n"})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("pixi.toml", row)
    assert reason in said
    assert answer.admitted == "==3.7.0"
