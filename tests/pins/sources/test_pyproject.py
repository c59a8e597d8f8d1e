from __future__ import annotations

import pytest

PROJECT = """\
[build-system]
requires = ["setuptools>=61", "keras==2.2.4"]

[project]
name = "two-heads"
version = "1.0"
requires-python = ">=3.10"
dependencies = [
    "numpy>=1.26",  # "keras==3.7.0" would be right
    "{keras}",
]
"""


@pytest.mark.parametrize(
    ("requirement", "admitted", "strength", "affected"),
    [
        ("keras==3.5.0", "==3.5.0", "exact", True),
        ("keras>=3.5,<3.7", ">=3.5,<3.7", "range", True),
        ("keras>=3.7", ">=3.7", "range", False),
        ("keras==2.15.0", "==2.15.0", "exact", False),
        ("keras>=3.4", ">=3.4", "range", True),
        ("keras>=3.4,!=3.5.*,!=3.6.*", ">=3.4,!=3.5.*,!=3.6.*", "range", False),
        ("keras", "", "bare", True),
    ],
)
def test_dependencies(lay, requirement, admitted, strength, affected):
    answer = lay({"pyproject.toml": PROJECT.replace("{keras}", requirement)})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert bool({"3.5.0", "3.6.0"} & set(answer.versions)) is affected
    assert answer.evidence == [("pyproject.toml", 10, f'"{requirement}",')]


def test_several_on_one_row_and_quoted_keys(lay):
    answer = lay({"pyproject.toml": "\n\"project\".'dependencies' = [\"a\", 'keras==3.5.0']\n"})
    assert answer.evidence == [("pyproject.toml", 2, "\"project\".'dependencies' = [\"a\", 'keras==3.5.0']")]


class TestExtrasAndGroups:
    def test_extras_are_alternatives(self, lay):
        answer = lay(
            {
                "pyproject.toml": """\
[project.optional-dependencies]
old = ["keras==3.5.0"]
new = [
    "keras==3.7.0",
]
"""
            }
        )
        assert answer.admitted == "==3.5.0 or ==3.7.0"
        assert answer.releases.strength == "exact"
        assert not answer.releases.contradicts
        assert [row for _, row, _ in answer.evidence] == [2, 4]

    def test_an_extra_narrows_the_base_but_the_base_remains(self, lay):
        answer = lay(
            {
                "pyproject.toml": """\
[project]
dependencies = ["keras>=3.4"]
[project.optional-dependencies]
pinned = ["keras==3.5.0"]
"""
            }
        )
        assert answer.admitted == ">=3.4"
        assert answer.releases.strength == "range"
        assert answer.evidence == [("pyproject.toml", 2, 'dependencies = ["keras>=3.4"]')]

    def test_an_extra_against_the_base(self, lay):
        answer = lay(
            {
                "pyproject.toml": """\
[project]
dependencies = ["keras==3.5.0"]
[project.optional-dependencies]
new = ["keras>=3.7"]
"""
            }
        )
        assert answer.admitted == "==3.5.0 or >=3.7"
        assert answer.releases.contradicts

    @pytest.mark.parametrize(
        ("extras", "rows"),
        [
            ('all = ["tensorflow"]\nold = ["tensorflow<2.11"]\n', [2]),
            ('old = ["tensorflow<2.11"]\nnew = ["keras==3.7.0"]\nany = ["keras"]\n', [4]),
            (
                "new = [\"keras>=3.7\"]\nmac = [\"tensorflow-macos<2.11; os_name == 'posix'\"]\nany = ['keras']\n",
                [4],
            ),
            (
                "a = [\"tensorflow; sys_platform == 'linux'\", \"tensorflow-macos<2.11; sys_platform == 'darwin'\"]\n",
                [2],
            ),
        ],
    )
    def test_an_extra_without_a_version_admits_any(self, lay, extras, rows):
        answer = lay({"pyproject.toml": "[project.optional-dependencies]\n" + extras})
        assert (answer.admitted, answer.releases.strength) == ("", "bare")
        assert [row for _, row, _ in answer.evidence] == rows

    def test_any_version_in_another_file_decides_over_it(self, lay):
        text = '[project.optional-dependencies]\nall = ["tensorflow"]\nold = ["tensorflow<2.11"]\n'
        assert lay({"pyproject.toml": text, "requirements.txt": "keras>=3.7\n"}).admitted == ">=3.7"

    def test_an_extra_with_a_tensorflow_beside_one_with_a_keras(self, lay):
        text = '[project.optional-dependencies]\ntf = ["tensorflow==2.18.0"]\njax = ["keras==3.7.0"]\n'
        answer = lay({"pyproject.toml": text})
        assert (answer.admitted, answer.releases.strength) == (">=3.5.0", "range")
        assert [row for _, row, _ in answer.evidence] == [2]

    def test_extras_that_include_extras(self, lay):
        answer = lay(
            {
                "pyproject.toml": """\
[project]
name = "Two.Heads"
[project.optional-dependencies]
base = ["keras>=3.4"]
all = ["two-heads[Base,base]", "keras<3.7"]
"""
            }
        )
        assert answer.admitted == ">=3.4"
        assert answer.skipped == []

    def test_groups_with_includes(self, lay):
        answer = lay(
            {
                "pyproject.toml": """\
[dependency-groups]
train = ["keras>=3.4", {include-group = "Limits"}]
limits = [
    {include-group = "train"},
    "keras<3.7",
]
"""
            }
        )
        assert answer.admitted == ">=3.4,<3.7"
        assert answer.evidence == [
            ("pyproject.toml", 2, 'train = ["keras>=3.4", {include-group = "Limits"}]'),
            ("pyproject.toml", 5, '"keras<3.7",'),
        ]
        assert answer.skipped == []

    def test_a_group_that_is_not_there(self, lay):
        answer = lay({"pyproject.toml": '[dependency-groups]\na = ["keras==3.5.0",\n {include-group = "b"}]\n'})
        assert answer.skipped == [("pyproject.toml", 3, "there is no group 'b' to include")]
        assert answer.admitted == "==3.5.0"


def test_dynamic_dependencies_of_setuptools(lay):
    answer = lay(
        {
            "pyproject.toml": """\
[project]
dynamic = ["dependencies", "optional-dependencies"]
[tool.setuptools.dynamic]
dependencies = {file = ["deps/run.list"]}
optional-dependencies.pinned = {file = "deps/pinned.list"}
""",
            "deps/run.list": "keras>=3.4\n",
            "deps/pinned.list": "keras==3.5.0\n",
        }
    )
    assert answer.admitted == ">=3.4"
    assert answer.files == ["pyproject.toml", "deps/run.list", "deps/pinned.list"]


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("[project\n", 1, "not valid TOML"),
        ('a = 1\n[project]\nkeras = "3.5.0\n', 3, "not valid TOML"),
        ("a = 1\na = 2\n", 2, "not valid TOML"),
        ("a = [1,\n", 1, "not valid TOML"),
        ("a = " + "[" * 5000, 0, "not valid TOML"),
        ('[project]\ndependencies = "keras==3.5.0"\n', 2, "not an array"),
        ("[project]\ndependencies = [\n  3.5\n]\n", 3, "neither a requirement nor a group"),
        ('[project]\ndependencies = [\n  "keras=3.5.0"\n]\n', 3, "not a requirement"),
        ('[dependency-groups]\na = ["keras = 3.5"]\n', 2, "not a requirement"),
        ('[project.optional-dependencies]\na = "keras"\n', 2, "not an array"),
    ],
)
def test_what_cannot_be_read_is_skipped_and_the_rest_counts(lay, text, row, reason):
    answer = lay({"pyproject.toml": text, "requirements.txt": "keras==3.6.0\n"})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("pyproject.toml", row)
    assert reason in said
    assert answer.admitted == "==3.6.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "project = 3\n",
        "[project]\noptional-dependencies = []\n",
        "dependency-groups = 1\n",
        "[tool]\nsetuptools = 1\npoetry = 2\n",
        "[tool.setuptools]\ndynamic = 1\n",
        "[tool.poetry]\ndependencies = 1\ngroup = 1\n",
        "[tool.poetry.group.a]\n[tool.poetry.group]\nb = 1\n",
        "[project]\nrequires-python = 3\nname = 3\n",
    ],
)
def test_odd_shapes_say_nothing(lay, text):
    answer = lay({"pyproject.toml": text})
    assert answer.releases.strength == "none"
    assert answer.files == ["pyproject.toml"]
