"""The recipes for CI: the tools that can be had run them, and what a service would run is run as it runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from keraslint import __version__

from ..cache import environment
from ..conftest import Integration

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "docs" / "recipes"
GUIDE = (ROOT / "docs" / "guides" / "ci.md").read_text(encoding="utf-8")
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PROGRAM = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[0]
ON_PATH = {"keraslint": "keraslint"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a finding, and with a copy of keraslint in the folder that the recipes name."""
    for name in ("src", "bin", "runner"):
        (tmp_path / name).mkdir()
    (tmp_path / "src" / "train.py").write_text(PROGRAM)
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "keraslint").symlink_to(ROOT)
    command = tmp_path / "bin" / "keraslint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m keraslint "$@"\n')
    command.chmod(0o755)
    return tmp_path


def mended(project: Path) -> None:
    (project / "requirements.txt").write_text("keras==3.7.0\n")


def shell(project: Path, script: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A script as GitHub and Azure run it, in the project, with keraslint on the path."""
    known = {**os.environ, "PATH": f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}", **more}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=project, env=known, capture_output=True, text=True, check=False)


def test_the_guide_shows_every_recipe() -> None:
    shown = set(re.findall(r'--8<-- "docs/recipes/(.+)"', GUIDE))
    assert shown == {path.name for path in RECIPES.iterdir()}


class TestAction:
    def run(self, project: Path, **inputs: str) -> tuple[int, dict[str, str], str]:
        """The exit code of the last step that ran, the outputs of the check, and what it printed."""
        given = {name: one["default"] for name, one in ACTION["inputs"].items()} | inputs
        venv, output = project / "runner" / "keraslint" / "bin", project / "runner" / "output"
        venv.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / "bin" / "keraslint", venv / "keraslint")
        output.write_text("")
        outputs: dict[str, str] = {}
        done = None
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or step["name"] == "Install keraslint":
                continue
            if step.get("if") == "inputs.fail == 'true'" and given["fail"] != "true":
                continue
            values = {name: self.value(text, given, outputs) for name, text in step["env"].items()}
            folder = self.value(step.get("working-directory", "."), given, outputs)
            known = {"RUNNER_TEMP": str(project / "runner"), "GITHUB_OUTPUT": str(output), **values}
            ran = shell(project, f"cd {folder!r}\n{step['run']}", **known)
            done = ran if done is None or ran.returncode else done
            outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
            if ran.returncode:
                break
        assert done is not None
        return ran.returncode, outputs, done.stdout + done.stderr

    @staticmethod
    def value(text: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> str:
        """A text with the expressions in it worked out."""
        known = {f"inputs.{name}": one for name, one in inputs.items()}
        known |= {f"steps.check.outputs.{name}": one for name, one in outputs.items()}
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: known[match[1]], text)

    def test_a_finding_is_shown_and_fails_the_job(self, project: Path) -> None:
        code, outputs, _ = self.run(project, paths="src")
        assert (code, outputs) == (1, {"exit-code": "1", "sarif-file": ""})
        mended(project)
        assert self.run(project, paths="src")[:2] == (0, {"exit-code": "0", "sarif-file": ""})

    def test_annotations(self, project: Path) -> None:
        said = self.run(project, paths="src", fail="false")
        assert said[0] == 0
        assert re.search(r"^::error title=keraslint \(KER101\),file=.*/src/train.py,line=", said[2], re.M)
        plain = self.run(project, paths="src", fail="false", annotations="false")[2]
        assert "::error" not in plain
        assert "--> src/train.py" in plain

    def test_logs_and_reports_are_written_once_something_was_checked(self, project: Path) -> None:
        given = {"sarif-file": "k.sarif", "html-file": "k.html", "fail": "false"}
        assert self.run(project, paths="src", **given)[1]["sarif-file"] == "k.sarif"
        assert json.loads((project / "k.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "KER101"
        assert "KER101" in (project / "k.html").read_text()
        uploaded = self.run(project, paths="src", fail="false", **{"upload-sarif": "true"})[1]["sarif-file"]
        assert uploaded == str(project / "runner" / "keraslint.sarif")

    def test_paths_options_and_the_folder(self, project: Path) -> None:
        (project / "a b").mkdir()
        shutil.copy(project / "src" / "train.py", project / "a b" / "it's $HOME.py")
        found = self.run(project, paths="src\n\na b\n", args="--keras-version  3.6.0\n--select KER101", fail="false")[2]
        assert found.count("::error title=keraslint (KER101)") == 2
        inside = self.run(project, paths="train.py", fail="false", **{"working-directory": "src"})
        assert "KER101" in inside[2]

    def test_a_path_that_is_not_there_fails_whatever_is_asked(self, project: Path) -> None:
        code, outputs, said = self.run(project, paths="nowhere", fail="false")
        assert (code, outputs) == (2, {"exit-code": "2"})
        assert "nowhere" in said

    def test_no_input_stands_in_a_script(self) -> None:
        assert not [step for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]

    def test_the_guide_names_the_inputs_and_outputs(self) -> None:
        for kind in ("inputs", "outputs"):
            for name, one in ACTION[kind].items():
                default = one.get("default")
                last = "" if default is None else f" {f'`{default}`' if default else ''} |"
                assert f"| `{name}` | {one['description']} |{last}" in GUIDE, name

    @pytest.mark.real_tools
    def test_it_installs_from_its_own_folder(self, project: Path) -> None:
        (step,) = (step for step in ACTION["runs"]["steps"] if step.get("name") == "Install keraslint")
        known = {"PYTHON": sys.executable, "RUNNER_TEMP": str(project / "runner"), "GITHUB_ACTION_PATH": str(ROOT)}
        assert shell(project, step["run"], **known).returncode == 0
        command = [str(project / "runner" / "keraslint" / "bin" / "keraslint"), "--version"]
        assert __version__ in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def commands(name: str) -> Iterator[str]:
    """The commands of a recipe for a service, but for those that install."""
    text = (RECIPES / name).read_text(encoding="utf-8")
    if name == "Jenkinsfile":
        found = re.findall(r"sh '(.*)'", text)
    else:
        whole = yaml.safe_load(text)
        found = (
            whole["keraslint"]["script"]
            if "keraslint" in whole
            else [step.get("script", "") for step in whole["steps"]]
        )
    yield from (one.replace(".keraslint/bin/", "") for one in found if one and "install" not in one)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("gitlab-ci.yml", "gl-code-quality-report.json"),
        ("azure-pipelines.yml", "keraslint.xml"),
        ("Jenkinsfile", "keraslint.xml"),
    ],
)
def test_what_a_service_runs(project: Path, name: str, written: str) -> None:
    for wanted in (1, 0):
        codes = [shell(project, command).returncode for command in commands(name)]
        assert codes[-1] == wanted
        assert not any(codes[:-1])
        text = (project / written).read_text()
        found = (
            len(json.loads(text))
            if written.endswith(".json")
            else len(ElementTree.fromstring(text).findall(".//failure"))
        )
        assert found == wanted
        mended(project)
    recipe = (RECIPES / name).read_text(encoding="utf-8")
    assert recipe.count(written) == 2  # what is written is what is read


def test_what_reviewdog_is_given(project: Path) -> None:
    whole = yaml.safe_load((RECIPES / "reviewdog.yml").read_text(encoding="utf-8"))
    (command,) = (step["run"] for step in whole["jobs"]["keraslint"]["steps"] if step.get("name") == "keraslint")
    (form,) = re.findall(r'-efm="(.+?)"', command)
    reader = project / "bin" / "reviewdog"
    reader.write_text("#!/bin/sh\ncat\n")
    reader.chmod(0o755)
    done = shell(project, command)
    assert done.returncode == 0
    pattern = (
        re.escape(form)
        .replace("%f", "(?P<f>.+?)")
        .replace("%l", r"(?P<l>\d+)")
        .replace("%c", r"(?P<c>\d+)")
        .replace("%m", "(?P<m>.+)")
    )
    lines = [re.fullmatch(pattern.replace("\\ ", " "), line) for line in done.stdout.splitlines()]
    assert [match and (match["f"], match["m"][:6]) for match in lines] == [("src/train.py", "KER101")]


@pytest.mark.real_tools
def test_tox_and_nox_and_make(project: Path, integration: Integration) -> None:
    python = environment("runners", "tox", "nox")
    for name in ("tox.ini", "noxfile.py", "Makefile"):
        shutil.copy(RECIPES / name, project)
    runs = {
        "tox": [str(python), "-m", "tox", "-q", "-e", "keraslint"],
        "nox": [str(python), "-m", "nox", "-s", "keraslint"],
        "make": ["make", "-s", "keraslint"],
    }
    known = {
        key: value for key, value in os.environ.items() if not key.startswith(("TOX", "NOX", "PYTEST", "VIRTUAL_ENV"))
    }
    for wanted in (True, False):
        if not wanted:
            runs["nox"].append("-R")  # in the environment that it has made, as tox and make do by themselves
        for tool, command in runs.items():
            if tool == "make" and not shutil.which("make"):
                continue
            done = subprocess.run(command, cwd=project, env=known, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            assert (done.returncode != 0, "KER101" in said) == (wanted, wanted), said
            integration(tool, "newest" if tool != "make" else "GNU", "runs the recipe")
        mended(project)


@pytest.mark.real_tools
def test_the_schemas_of_the_services(integration: Integration) -> None:
    python = environment("schemas", "check-jsonschema")
    asked = {
        "vendor.github-actions": [ROOT / "action.yml"],
        "vendor.github-workflows": [
            RECIPES / "github.yml",
            RECIPES / "reviewdog.yml",
            *(ROOT / ".github" / "workflows").glob("*.yml"),
        ],
        "vendor.gitlab-ci": [RECIPES / "gitlab-ci.yml"],
        "vendor.azure-pipelines": [RECIPES / "azure-pipelines.yml"],
        "vendor.readthedocs": [ROOT / ".readthedocs.yaml"],
    }
    for schema, files in asked.items():
        more = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
        more += ["--regex-variant", "nonunicode"] if "azure" in schema else []  # as its schema is written
        command = [str(python), "-m", "check_jsonschema", "--builtin-schema", schema, *more, *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        integration("check-jsonschema", schema, "takes the recipes")


@pytest.mark.real_tools
def test_zizmor_finds_nothing_in_what_github_runs(tmp_path: Path, integration: Integration) -> None:
    python = environment("zizmor", "zizmor")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name in ("github.yml", "reviewdog.yml"):
        shutil.copy(RECIPES / name, folder)
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        shutil.copy(path, folder)
    shutil.copy(ROOT / "action.yml", tmp_path)
    config = tmp_path / "zizmor.yml"
    # The recipes name releases of actions, which readers know; a commit in their place would grow old on the page. The
    # folder of the action need not be one of the repository itself.
    rules = (
        "  unpinned-uses:\n    config:\n      policies:\n        '*': ref-pin\n  self-repository:\n    disable: true\n"
    )
    config.write_text(f"rules:\n{rules}")
    command = [str(python.parent / "zizmor"), "--offline", "--no-progress", "--config", str(config), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    integration("zizmor", "newest", "finds nothing in the action and the workflows")
