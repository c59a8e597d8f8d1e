from __future__ import annotations

import json

import pytest

PIPFILE = """\
[[source]]
url = "https://host.example/simple"
verify_ssl = true
name = "pypi"

[packages]
numpy = "*"
{line}

[dev-packages]
pytest = "*"

[requires]
python_version = "3.11"
"""


@pytest.mark.parametrize(
    ("line", "admitted", "strength", "affected"),
    [
        ('keras = "==3.5.0"', "==3.5.0", "exact", True),
        ('keras = "3.6.0"', "==3.6.0", "exact", True),
        ('Keras = ">=3.5,<3.7"', ">=3.5,<3.7", "range", True),
        ('keras = "~=3.7.0"', "~=3.7.0", "range", False),
        ('keras = ">=3.4"', ">=3.4", "range", True),
        ('keras = "*"', "", "bare", True),
        ("keras = {extras = ['x'], version = '==3.7.0'}", "==3.7.0", "exact", False),
        ('keras = {git = "https://github.com/keras-team/keras.git", ref = "v3.5.0"}', "==3.5.0", "exact", True),
        ('keras = {file = "https://host.example/keras-3.7.0-py3-none-any.whl"}', "==3.7.0", "exact", False),
        ('tensorflow = "==2.15.0"', "<3", "range", False),
    ],
)
def test_packages(lay, line, admitted, strength, affected):
    answer = lay({"Pipfile": PIPFILE.replace("{line}", line)})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert bool({"3.5.0", "3.6.0"} & set(answer.versions)) is affected
    assert answer.evidence == [("Pipfile", 8, line)]
    assert answer.skipped == []


def test_categories_and_markers(lay):
    text = """\
[packages]
keras = ">=3.4"
[dev-packages]
keras = "==3.5.0"
[old]
keras = {version = "==3.6.0", python_version = "< '3.9'"}
"""
    assert lay({"Pipfile": text}).admitted == ">=3.4"
    text = text.replace('[packages]\nkeras = ">=3.4"\n', "")
    assert lay({"Pipfile": text}).admitted == "==3.5.0 or ==3.6.0"
    assert lay({"Pipfile": text + '[requires]\npython_version = "3.11"\n'}).admitted == "==3.5.0"


@pytest.mark.parametrize(
    ("line", "row", "reason"),
    [
        ('keras = "==3.5.0', 8, "not valid TOML"),
        ('keras = "newest"', 8, "not a version: 'newest'"),
        ("keras = 3.5", 8, "not a version: 3.5"),
        ('keras = {git = "https://github.com/keras-team/keras.git"}', 8, "names no release"),
    ],
)
def test_malformed(lay, line, row, reason):
    answer = lay({"Pipfile": PIPFILE.replace("{line}", line), "requirements.txt": "keras==3.7.0\n"})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("Pipfile", row)
    assert reason in said
    assert answer.admitted == "==3.7.0"


def lock(default: dict[str, object], develop: dict[str, object] | None = None, indent: int | None = 4) -> str:
    meta = {"hash": {"sha256": "1f2e"}, "pipfile-spec": 6, "requires": {"python_version": "3.11"}, "sources": []}
    return json.dumps({"_meta": meta, "default": default, "develop": develop or {}}, indent=indent) + "\n"


def entry(version: str, **more: object) -> dict[str, object]:
    return {"hashes": ["sha256:53ae", "sha256:d37a"], "index": "pypi", **more, "version": f"=={version}"}


class TestLock:
    def test_it_decides(self, lay):
        text = lock({"absl-py": entry("2.1.0"), "keras": entry("3.5.0", markers="python_version >= '3.9'")})
        answer = lay({"Pipfile.lock": text, "Pipfile": PIPFILE.replace("{line}", 'keras = "*"')})
        row = next(row for row, line in enumerate(text.split("\n"), 1) if "3.5.0" in line)
        assert (answer.admitted, answer.releases.strength) == ("==3.5.0", "exact")
        assert answer.evidence == [("Pipfile.lock", row, '"version": "==3.5.0"')]

    @pytest.mark.parametrize(("version", "affected"), [("3.6.0", True), ("3.7.0", False), ("2.15.0", False)])
    def test_versions(self, lay, version, affected):
        answer = lay({"Pipfile.lock": lock({"keras": entry(version)}, indent=None)})
        assert ("3.6.0" in answer.versions) is affected
        assert answer.evidence[0][1] == 1

    def test_two_categories(self, lay):
        text = lock({"keras": entry("3.5.0")}, {"keras": entry("3.7.0")})
        answer = lay({"Pipfile.lock": text})
        assert answer.admitted == "==3.5.0 or ==3.7.0"
        assert [item[2] for item in answer.evidence] == ['"version": "==3.5.0"', '"version": "==3.7.0"']

    def test_a_marker_that_the_declared_python_rules_out(self, lay):
        text = lock({"keras": entry("3.5.0", markers="python_version < '3.9'")})
        assert lay({"Pipfile.lock": text}).releases.strength == "none"

    @pytest.mark.parametrize(
        ("text", "row", "reason"),
        [
            ('{\n "default": {\n', 3, "not valid JSON"),
            ("", 1, "not valid JSON"),
            ("[]", 1, "not a JSON object"),
            ("[" * 100_000, 0, "not valid JSON"),
            (lock({"keras": {"git": "https://github.com/keras-team/keras.git", "ref": "1f2e"}}), 13, "no version"),
            (lock({"keras": {"version": "==newest"}}), 14, "not a version: 'newest'"),
        ],
    )
    def test_malformed(self, lay, text, row, reason):
        answer = lay({"Pipfile.lock": text, "requirements.txt": "keras==3.7.0\n"})
        [(filename, at, said)] = answer.skipped
        assert (filename, at) == ("Pipfile.lock", row)
        assert reason in said
        assert answer.admitted == "==3.7.0"
