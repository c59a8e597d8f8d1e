from __future__ import annotations

import pytest

BASE = '[project]\nname = "a"\ndependencies = ["keras>=3.4"]\n'


class TestUv:
    def test_a_constraint_narrows(self, lay):
        answer = lay({"pyproject.toml": BASE + '[tool.uv]\nconstraint-dependencies = [\n  "keras<3.7",\n]\n'})
        assert answer.admitted == ">=3.4,<3.7"
        assert [row for _, row, _ in answer.evidence] == [3, 6]

    def test_a_constraint_alone(self, lay):
        answer = lay({"pyproject.toml": '[tool.uv]\nconstraint-dependencies = ["keras==3.5.0"]\n'})
        assert (answer.admitted, answer.releases.strength) == ("==3.5.0", "exact")

    def test_an_override_stands_for_all(self, lay):
        for asked in (">=3.7", "==3.4.1", ""):
            text = BASE.replace(">=3.4", asked) + '[tool.uv]\noverride-dependencies = ["keras==3.5.0"]\n'
            answer = lay({"pyproject.toml": text})
            assert (answer.admitted, answer.releases.strength) == ("==3.5.0", "exact")
            assert [row for _, row, _ in answer.evidence] == [5]
            assert not answer.releases.contradicts

    def test_development_dependencies(self, lay):
        answer = lay({"pyproject.toml": '[tool.uv]\ndev-dependencies = ["keras==3.5.0"]\n'})
        assert answer.evidence == [("pyproject.toml", 2, 'dev-dependencies = ["keras==3.5.0"]')]

    @pytest.mark.parametrize(
        ("source", "admitted"),
        [
            ('{ git = "https://github.com/keras-team/keras", tag = "v3.5.0" }', "==3.5.0"),
            ('{ git = "https://github.com/keras-team/keras", rev = "v3.6.0" }', "==3.6.0"),
            ('{ url = "https://host.example/keras-3.5.0-py3-none-any.whl" }', "==3.5.0"),
            ("[{ path = 'w/keras-3.6.0-py3-none-any.whl', marker = \"python_version > '2'\" }]", "==3.6.0"),
            ('{ index = "own" }', ">=3.4"),
        ],
    )
    def test_where_it_is_taken_from(self, lay, source, admitted):
        answer = lay({"pyproject.toml": BASE + f"[tool.uv.sources]\nkeras = {source}\n"})
        assert (answer.admitted, answer.skipped) == (admitted, [])

    def test_a_branch_names_no_release(self, lay):
        source = '[tool.uv.sources]\nkeras = { git = "https://host.example/keras", branch = "main" }\n'
        answer = lay({"pyproject.toml": BASE + source})
        assert [item[:2] for item in answer.skipped] == [("pyproject.toml", 5)]

    def test_a_source_alone_asks_for_nothing(self, lay):
        answer = lay({"pyproject.toml": '[tool.uv.sources]\nkeras = { git = "https://x/keras", tag = "v3.5.0" }\n'})
        assert answer.releases.strength == "none"


class TestPdm:
    def test_development_dependencies(self, lay):
        text = '[tool.pdm.dev-dependencies]\ntest = ["-e file:///${PROJECT_ROOT}/sub#egg=sub", "keras==3.6.0"]\n'
        answer = lay({"pyproject.toml": text})
        assert (answer.admitted, answer.skipped) == ("==3.6.0", [])
        assert [row for _, row, _ in answer.evidence] == [2]

    @pytest.mark.parametrize(("version", "admitted"), [("3.5.0", "==3.5.0"), (">=3.5,<3.6", ">=3.5,<3.6")])
    def test_overrides(self, lay, version, admitted):
        text = BASE.replace(">=3.4", ">=3.7") + f'[tool.pdm.resolution.overrides]\nkeras = "{version}"\n'
        answer = lay({"pyproject.toml": text})
        assert answer.admitted == admitted
        assert answer.evidence == [("pyproject.toml", 5, f'keras = "{version}"')]

    def test_no_version(self, lay):
        answer = lay({"pyproject.toml": BASE + '[tool.pdm.resolution.overrides]\nkeras = "newest"\n'})
        assert [item[:2] for item in answer.skipped] == [("pyproject.toml", 5)]
        assert answer.admitted == ">=3.4"


class TestHatch:
    def test_environments(self, lay):
        default = '[tool.hatch.envs.default]\ndependencies = ["pytest"]\n'
        old = '[tool.hatch.envs.old]\nextra-dependencies = [\n  "keras==3.5.0",\n]\n'
        answer = lay({"pyproject.toml": default + old})
        assert answer.evidence == [("pyproject.toml", 5, '"keras==3.5.0",')]

    def test_an_environment_beside_the_project(self, lay):
        text = BASE + '[tool.hatch.envs.old]\ndependencies = ["keras==3.5.0"]\n'
        assert lay({"pyproject.toml": text}).admitted == ">=3.4"

    def test_requirements_files(self, lay):
        text = '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["deps.list"]\n'
        answer = lay({"pyproject.toml": text, "deps.list": "keras==3.6.0\n"})
        assert answer.evidence == [("deps.list", 1, "keras==3.6.0")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('[tool.uv]\nconstraint-dependencies = "keras==3.5.0"\n', 2),
        ('[tool.uv]\noverride-dependencies = [\n "keras=3"]\n', 3),
        ('[tool.hatch.envs.a]\ndependencies = ["keras 3"]\n', 2),
        ('[tool.pdm.dev-dependencies]\na = ["keras=>3"]\n', 2),
    ],
)
def test_malformed(lay, text, row):
    answer = lay({"pyproject.toml": text, "requirements.txt": "keras==3.6.0\n"})
    assert [item[:2] for item in answer.skipped] == [("pyproject.toml", row)]
    assert answer.admitted == "==3.6.0"


@pytest.mark.parametrize("tool", ["uv", "pdm", "hatch"])
@pytest.mark.parametrize(
    "shape", ["{tool} = 1", "{tool}.envs = []", "{tool}.dev-dependencies = {{}}", "{tool}.envs.a = 2"]
)
def test_odd_shapes(lay, tool, shape):
    answer = lay({"pyproject.toml": f"[tool]\n{shape.format(tool=tool)}\n"})
    assert answer.releases.strength == "none"
