"""Real editors on the other side, set up as docs/editors.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Integration
from ..installed import HANG, await_installed

pytestmark = pytest.mark.real_tools

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEXT = """\
import keras

inputs = keras.Input((16,))
small = keras.layers.Dense(1, name="output_small")(inputs)
big = keras.layers.Dense(64, name="output_big")(inputs)
first = keras.Model(inputs, [small, big], name="first")
print("\N{GRINNING FACE}"); first.compile(optimizer="adam", loss={"output_small": "mse", "output_big": "mae"})
first.fit(x, [y_small, y_big])
second = keras.Model(inputs, [small, big])
second.compile(  # \N{GRINNING FACE}
    loss={"output_small": "mse", "output_big": "mae"},  # kept
)
second.fit(x, [y_small, y_big])
"""
LOSS = '{"output_small": "mse", "output_big": "mae"}'
FIRST_FIXED = TEXT.replace(LOSS, '("mse", "mae")', 1)
ALL_FIXED = TEXT.replace(LOSS, '("mse", "mae")')
FINDING = "Keras 3.5.0 (requirements.txt:1) sends each loss to another output"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """Wait until the editors are installed."""
    await_installed()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project, and a ``bin`` with the command in it."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "train.py").write_text(TEXT, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "keraslint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m keraslint "$@"\n')
    command.chmod(0o755)
    return tmp_path


def documented(name: str) -> str:
    """The set-up that docs/editors.md gives under a mark."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    found = re.search(rf"^<!-- {re.escape(name)} -->\n```\w+\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found.group(1)


def version_of(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    assert found is not None
    return tuple(int(part) for part in found.groups() if part)


def edited(command: list[str], folder: Path) -> dict[str, Any]:
    """Run an editor, and return what it wrote down of its session."""
    places = {
        name: str(folder / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME")
    }
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **places, "PATH": path, "LANG": "C.UTF-8"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert (folder / "seen.json").exists(), done.stdout + done.stderr
    seen: dict[str, Any] = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    assert not seen.get("failure"), seen
    return seen


def neovims() -> list[str]:
    """The Neovims to try, where they are installed: that of the system, and that of $KERASLINT_NEOVIM."""
    return ["nvim", *filter(None, [os.environ.get("KERASLINT_NEOVIM")])]


@pytest.mark.parametrize("program", neovims())
def test_neovim(program: str, folder: Path, integration: Integration) -> None:
    if shutil.which(program) is None:
        pytest.skip("not run: Neovim is not installed")
    version = version_of(program)
    (folder / "init.lua").write_text(documented("neovim 0.11" if version >= (0, 11) else "neovim 0.7"))
    shutil.copy(HERE / "editors" / "session.lua", folder)
    command = [program, "--headless", "-n", "-u", "init.lua", "-c", "luafile session.lua"]
    seen = edited(command, folder)
    first, second = seen["before"]
    assert (first["row"], first["code"], second["row"]) == (6, "KER101", 10)
    assert first["message"].startswith(FINDING)
    assert seen["preferred"] == "Pass the losses in output order"
    assert [item["row"] for item in seen["between"]] == [10]
    assert (folder / "train.py").read_text(encoding="utf-8") == ALL_FIXED
    integration("neovim", ".".join(map(str, version)), "two findings, the preferred quick fix, source.fixAll.keraslint")


PINS = """
vim.cmd("edit requirements.txt")
vim.wait(600000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local found = vim.diagnostic.get(0)
vim.cmd("edit notes.txt")
vim.wait(1000, function() return false end, 100)
local seen = { code = found[1] and found[1].code, others = #vim.diagnostic.get(0) }
local file = io.open("seen.json", "w")
file:write(vim.json and vim.json.encode(seen) or vim.fn.json_encode(seen))
file:close()
vim.cmd("qall!")
"""


@pytest.mark.parametrize("program", neovims())
def test_neovim_shows_what_is_wrong_with_a_pin(program: str, folder: Path, integration: Integration) -> None:
    if shutil.which(program) is None:
        pytest.skip("not run: Neovim is not installed")
    version = version_of(program)
    (folder / "init.lua").write_text(documented("neovim 0.11" if version >= (0, 11) else "neovim 0.7"))
    (folder / "pins.lua").write_text(PINS)
    (folder / "notes.txt").write_text("keras==3.5.0 was wrong\n")
    seen = edited([program, "--headless", "-n", "-u", "init.lua", "-c", "luafile pins.lua"], folder)
    assert seen == {"code": "KER201", "others": 0}
    integration("neovim", ".".join(map(str, version)), "the finding on a pin in requirements.txt")


@pytest.mark.parametrize("program", neovims())
def test_neovim_fixes_at_save(program: str, folder: Path, integration: Integration) -> None:
    if shutil.which(program) is None:
        pytest.skip("not run: Neovim is not installed")
    version = version_of(program)
    if version < (0, 11):
        pytest.skip(f"not run: Neovim {'.'.join(map(str, version))} is older than what this set-up is for")
    (folder / "init.lua").write_text(documented("neovim 0.11") + documented("neovim fix on save"))
    (folder / "save.lua").write_text("""\
vim.cmd("edit train.py")
vim.wait(600000, function() return #vim.diagnostic.get(0) == 2 end, 20)
vim.cmd("write")
local file = io.open("seen.json", "w")
file:write("{}")
file:close()
vim.cmd("qall!")
""")
    edited([program, "--headless", "-n", "-u", "init.lua", "-c", "luafile save.lua"], folder)
    assert (folder / "train.py").read_text(encoding="utf-8") == ALL_FIXED
    integration("neovim", ".".join(map(str, version)), "all safe fixes at save")


def test_emacs(folder: Path, integration: Integration) -> None:
    if shutil.which("emacs") is None:
        pytest.skip("not run: Emacs is not installed")
    has_eglot = ["emacs", "--batch", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"]
    if subprocess.run(has_eglot, capture_output=True, check=False).returncode:
        pytest.skip("not run: this Emacs has no eglot")
    (folder / "init.el").write_text(documented("emacs"))
    shutil.copy(HERE / "editors" / "session.el", folder)
    seen = edited(["emacs", "--batch", "--load", "session.el"], folder)
    assert len(seen["before"]) == 2
    assert all(FINDING in message for message in seen["before"])
    assert seen["preferred"] == "Pass the losses in output order"
    assert len(seen["between"]) == 1
    assert (folder / "train.py").read_text(encoding="utf-8") == FIRST_FIXED
    version = ".".join(map(str, version_of("emacs")))
    integration("emacs", version, "with eglot: two findings, the preferred quick fix")
