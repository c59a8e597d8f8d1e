"""The command that installs an extra, in environments that keraslint is really installed in."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from .cache import pip_install

ROOT = Path(__file__).parents[1]
ASK = "from keraslint.extras import command_for; print(command_for('watch'))"


@pytest.mark.slow
@pytest.mark.real_tools
def test_it_names_the_folder_that_keraslint_was_installed_from(tmp_path: Path) -> None:
    clone, environment = tmp_path / "my clone", tmp_path / "a blank"
    shutil.copytree(
        ROOT, clone, ignore=lambda folder, names: [name for name in names if folder == str(ROOT) and name not in BUILT]
    )
    venv.create(environment, with_pip=True, symlinks=True)
    python = environment / "bin" / "python"
    pip_install(python, "--no-deps", str(clone))
    done = subprocess.run([python, "-I", "-c", ASK], capture_output=True, text=True, check=True)
    assert shlex.split(done.stdout) == [str(python), "-m", "pip", "install", f"{clone}[watch]"]


BUILT = ("src", "completions", "README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml")
"""The files and folders of the repository that a build needs."""


def test_without_a_folder_and_without_pip_uv_is_given_the_name(tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); {ASK}"
    bare = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(bare, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert shlex.split(done.stdout) == ["uv", "pip", "install", "--python", sys.executable, "keraslint[watch]"]
