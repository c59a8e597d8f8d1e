"""Real uv, Poetry, PDM and pip: their locks are read as they chose, and they take the pins that a fix has written."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version

from keraslint.cli import main
from keraslint.pins.resolve import project_releases

from ..cache import environment
from ..conftest import Integration
from . import locks

pytestmark = pytest.mark.real_tools

PROJECT = """\
[project]
name = "heads"
version = "0.1"
requires-python = ">=3.11,<3.12"
"""
POETRY = """\
[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
keras = "{}"

[[tool.poetry.source]]
name = "simple"
url = "https://pypi.org/simple/"
priority = "primary"
"""
REQUIREMENTS = {
    "uv": ("uv",),
    "poetry": ("poetry",),
    "pdm": ("pdm", "unearth<0.18", "hishel<2"),
    "pip": ("pip",),
}
BUG = """\
import keras

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
model.fit(x, [y_small, y_big])
"""
RECORDED = ("poetry", "pdm")
"""The tools whose locks are recorded, as each takes them many seconds."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "train.py").write_text(BUG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Tool:
    """One of the tools in the project's folder; a lock may be one that it has made of the same files before."""

    def __init__(self, name: str, *, live: bool) -> None:
        self.name = name
        self.version = version(name) if live else ""
        self._live = live
        self._past: list[tuple[dict[str, str], tuple[str, ...]]] = []

    def lock(self, *arguments: str) -> None:
        """Let the tool make its lock."""
        state = self._state()
        known = None if self._live else locks.recorded(self.name, arguments, state)
        if known is not None:
            self.version, text = known
            self._lock.write_text(text)
            self._past.append((state, arguments))
            return
        if not self._live:
            self._go_live(state)
        state = self._state()
        run(self.name, *arguments)
        locks.note_down(self.name, self.version, arguments, state, self._lock.read_text())

    @property
    def _lock(self) -> Path:
        return Path(f"{self.name}.lock")

    def _state(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (Path("pyproject.toml"), self._lock) if path.exists()}

    def _go_live(self, now: dict[str, str]) -> None:
        """Let the tool itself make the locks up to now: it can't go on from one without lists of files."""
        self._live, self.version = True, version(self.name)
        for state, arguments in self._past:
            self._enter(state)
            run(self.name, *arguments)
        self._enter(now)

    def _enter(self, state: dict[str, str]) -> None:
        Path("pyproject.toml").write_text(state["pyproject.toml"])
        if self._lock.name not in state:
            self._lock.unlink(missing_ok=True)


def run(name: str, *arguments: str) -> str:
    """Run a tool in the working folder, and return what it prints; it must succeed."""
    python = environment(name, *REQUIREMENTS[name])
    quiet = {"PDM_CHECK_UPDATE": "0", "POETRY_VIRTUALENVS_CREATE": "false", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(python), "-m", name, *arguments],
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@functools.cache
def version(name: str) -> str:
    """The tool's own word on its version."""
    match = re.search(r"\d+(?:\.\d+)+", run(name, "--version"))
    assert match is not None
    return match.group()


@pytest.fixture
def tool(name: str, project: Path, request: pytest.FixtureRequest) -> Tool:
    items = [item.name for item in request.session.items if item.path == request.path]
    cases = [item for item in items if re.search(rf"\[{name}\b", item)]
    return Tool(name, live=name not in RECORDED or locks.is_live(request.node.name, cases))


def write(name: str, condition: str) -> None:
    text = PROJECT + (POETRY.format(condition) if name == "poetry" else f'dependencies = ["keras{condition}"]\n')
    Path("pyproject.toml").write_text(text)


def chosen(name: str) -> str:
    """The Keras in the tool's lock, by a plain look at its text."""
    match = re.search(r'^name = "keras"\nversion = "([^"]+)"', Path(f"{name}.lock").read_text(), re.MULTILINE)
    assert match is not None
    return match.group(1)


CONDITIONS = [
    ("uv", "==3.5.0"), ("uv", "~=3.6.0"), ("uv", ">=3.4,<3.7"), ("uv", "!=3.5.*,<3.9"), ("uv", ">=3.5,<3.7"),
    ("poetry", "3.5.0"), ("poetry", "~3.6"), ("poetry", ">=3.4,<3.7"), ("poetry", "3.5.* || 3.6.*"), ("poetry", "^3.4"),
    ("pdm", "==3.6.0"), ("pdm", "~=3.5.0"), ("pdm", ">=3.4,<3.7"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "condition"), CONDITIONS)
def test_a_lock_is_read_to_what_the_tool_chose_and_a_fixed_pin_is_taken(
    name: str, condition: str, project: Path, tool: Tool, integration: Integration
) -> None:
    write(name, condition)
    tool.lock("lock")
    answer = project_releases(project / "train.py")
    assert answer.releases.admitted == f"=={chosen(name)}"
    assert answer.releases.evidence[0].filename.endswith(f"{name}.lock")
    before = Version(chosen(name))
    Path(f"{name}.lock").unlink()
    main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "."])
    assert main(["--isolated", "-q", "."]) == 0
    tool.lock("lock")
    assert chosen(name) not in ("3.5.0", "3.6.0")
    assert Version(chosen(name)) >= before
    assert main(["--isolated", "-q", "."]) == 0
    integration(name, tool.version, "its lock is read as it chose, and it takes a fixed pin")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("uv", "==3.5.0", ">=3.5"), ("poetry", "3.5.0", "^3.5"), ("pdm", "==3.5.0", ">=3.5")],
)
def test_the_command_that_the_finding_names_brings_another_keras(
    name: str,
    before: str,
    after: str,
    project: Path,
    tool: Tool,
    capsys: pytest.CaptureFixture[str],
    integration: Integration,
) -> None:
    write(name, before)
    tool.lock("lock")
    write(name, after)
    before, command = advice(name, capsys)
    relock(tool, command)
    assert before == ""
    assert chosen(name) not in ("3.5.0", "3.6.0")
    integration(name, tool.version, "the command that a finding names makes its lock anew")


@pytest.mark.parametrize("name", ["uv", "poetry", "pdm"])
def test_what_holds_a_lock_back_is_named_and_mended_first(
    name: str, project: Path, tool: Tool, capsys: pytest.CaptureFixture[str], integration: Integration
) -> None:
    write(name, ">=3.4,<3.7")
    tool.lock("lock")
    first, command = advice(name, capsys)
    assert re.fullmatch(r"first raise keras>=3\.4,<3\.7 \(\S*pyproject\.toml:\d+\) to allow 3\.7, then ", first)
    relock(tool, command)
    assert chosen(name) == "3.6.0"
    main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "pyproject.toml"])
    capsys.readouterr()
    assert advice(name, capsys) == ("", command)
    relock(tool, command)
    assert chosen(name) == "3.7.0"
    assert main(["--isolated", "-q", "."]) == 0
    integration(name, tool.version, "what holds its lock back is named, and fixed first")


def advice(name: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, list[str]]:
    """The step that the finding on the tool's lock asks for before its command, and the command."""
    main(["--isolated", "--output-format", "json", f"{name}.lock"])
    (item,) = json.loads(capsys.readouterr().out)
    before, _, command = item["message"].partition("; ")[2].partition("run ")
    assert command.split()[0] == name
    return before, command.split()


def relock(tool: Tool, command: list[str]) -> None:
    """Run the command, for the lock alone."""
    tool.lock(*command[1:], *{"poetry": ["--lock"], "pdm": ["--no-sync"]}.get(tool.name, []))


@pytest.mark.parametrize(
    "requirement",
    [
        "keras==3.5.0",
        "keras ~= 3.6.0 ; python_version >= '3.9'",
        "keras>=3.4,<3.7",
        "keras >=3.5, <3.7",
        "keras===3.6.0",
        "keras>3.4.1,<3.6",
        "keras==3.5.*",
        "keras<3.6",
    ],
)
def test_pip_takes_a_fixed_requirement(requirement: str, project: Path, integration: Integration) -> None:
    Path("requirements.txt").write_text(f"# heads\n{requirement}\n")
    main(["--fix", "--unsafe-fixes", "--fix-style", "upgrade", "--isolated", "."])
    options = ("--dry-run", "--no-deps", "--ignore-installed", "--quiet", "--report", "report.json")
    run("pip", "install", *options, "-r", "requirements.txt")
    (installed,) = json.loads(Path("report.json").read_text())["install"]
    assert Version(installed["metadata"]["version"]) >= Version("3.7.0")
    assert installed["metadata"]["version"] in {
        str(version) for version in project_releases(project / "train.py").releases.versions
    }
    integration("pip", version("pip"), "it takes a fixed requirement")
