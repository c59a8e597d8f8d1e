"""The hooks under the real pre-commit, in fresh git repositories, from a clone of this very checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ..cache import environment
from ..conftest import Integration
from ..notebook.notebooks import dumped

pytestmark = pytest.mark.real_tools

ROOT = Path(__file__).parents[2]
MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={LOSS})
model.fit(x, [y_small, y_big])
"""
SWAPPED = MODEL.replace("{LOSS}", '{"small": "mse", "big": "mae"}')
MENDED = MODEL.replace("{LOSS}", '("mse", "mae")')
FOUND = "train.py:7:28: KER101 [*] Keras 3.5.0 (requirements.txt:1) sends each loss to another output"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments that it builds: one for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="session")
def run(home: Path) -> Run:
    python = environment("pre-commit", "pre-commit", "setuptools")
    known = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    known |= {"PRE_COMMIT_HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    known["PRE_COMMIT_COLOR"] = "never"
    for who in ("AUTHOR", "COMMITTER"):
        known |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.org"}

    def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        if words[0] == "pre-commit":
            words = (str(python), "-m", "pre_commit", *words[1:])
        return subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd, env=known)

    return command


@pytest.fixture(scope="session")
def checkout(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what pip needs of this checkout, as it is on disk."""
    folder = tmp_path_factory.mktemp("checkout") / "keraslint"
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        done = run("git", *words, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A repository with the bug in it, for Keras 3.5.0, added but not committed."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "train.py").write_text(SWAPPED)
    (folder / "requirements.txt").write_text("keras==3.5.0\n")
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    return folder


@pytest.fixture
def revision(run: Run, checkout: Path, project: Path) -> str:
    """The commit of the checkout. It is ../keraslint for each project, so that all share one environment."""
    (project.parent / "keraslint").symlink_to(checkout)
    return run("git", "-C", "../keraslint", "rev-parse", "HEAD", cwd=project).stdout.strip()


@pytest.fixture
def hook(run: Run, revision: str, project: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Configures hooks in the project and runs pre-commit there."""

    def start(hooks: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        config = f"repos:\n- repo: ../keraslint\n  rev: {revision}\n  hooks:\n"
        config += "".join(f"  - id: {name}\n" for name in hooks.split())
        (project / ".pre-commit-config.yaml").write_text(config)
        run("git", "add", ".pre-commit-config.yaml", cwd=project)
        return run("pre-commit", *(arguments or ("run",)), cwd=project)

    return start


def documented() -> Iterator[str]:
    """The configurations that the README and the guide show."""
    for page in (ROOT / "README.md", ROOT / "docs" / "guides" / "pre-commit.md"):
        yield from re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("config", [*documented()])
def test_the_configurations_in_the_docs(run: Run, revision: str, project: Path, config: str) -> None:
    (project / ".pre-commit-config.yaml").write_text(config.replace("REVISION", revision))
    run("git", "add", "-A", cwd=project)
    done = run("pre-commit", "run", "--all-files", cwd=project)
    assert (done.returncode, FOUND in done.stdout) == (1, True), done.stdout + done.stderr


def test_try_repo_on_this_checkout(run: Run, checkout: Path, project: Path, integration: Integration) -> None:
    version = run("pre-commit", "--version", cwd=project).stdout.split()[-1]
    done = run("pre-commit", "try-repo", str(checkout), "keraslint", "--all-files", cwd=project)
    assert done.returncode == 1, done.stdout + done.stderr
    assert FOUND in done.stdout
    integration("pre-commit", version, "try-repo finds KER101")


def test_finds_mends_and_passes_the_second_time(run: Run, hook: Run, project: Path, integration: Integration) -> None:
    done = hook("keraslint-fix")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert (project / "train.py").read_text() == MENDED
    run("git", "add", "-u", cwd=project)
    again = hook("keraslint-fix keraslint")
    assert (again.returncode, again.stdout.count("Passed")) == (0, 2), again.stdout
    project_wide = hook("keraslint-project")
    assert re.search(r"^requirements\.txt:1:\d+: KER201 ", project_wide.stdout, flags=re.MULTILINE)
    (project / "requirements.txt").write_text("keras==3.7.0\n")
    run("git", "add", "-u", cwd=project)
    assert hook("keraslint-project").returncode == 0
    version = run("pre-commit", "--version", cwd=project).stdout.split()[-1]
    integration("pre-commit", version, "keraslint-fix fixes, and passes the second time")


def test_a_notebook_is_mended_in_its_cell_alone(run: Run, hook: Run, project: Path, integration: Integration) -> None:
    notebook = project / "train.ipynb"
    notebook.write_bytes(dumped("%matplotlib inline\n" + SWAPPED))
    run("git", "rm", "-qf", "train.py", cwd=project)
    run("git", "add", "-A", cwd=project)
    before = notebook.read_text()
    assert "train.ipynb:cell 1:8:28: KER101 [*] Keras 3.5.0 (requirements.txt:1) sends" in hook("keraslint").stdout
    assert hook("keraslint-fix").returncode == 1
    swapped, fixed = (json.dumps(text)[1:-1] for text in ('{"small": "mse", "big": "mae"}', '("mse", "mae")'))
    assert notebook.read_text() == before.replace(swapped, fixed) != before
    run("git", "add", "-u", cwd=project)
    assert hook("keraslint-fix").returncode == 0
    version = run("pre-commit", "--version", cwd=project).stdout.split()[-1]
    integration("pre-commit", version, "keraslint-fix fixes a notebook, and passes the second time")


def test_all_files(run: Run, hook: Run, project: Path) -> None:
    run("git", "commit", "-qm", "all", cwd=project)
    assert "no files to check" in hook("keraslint").stdout
    done = hook("keraslint", "run", "--all-files")
    assert (done.returncode, FOUND in done.stdout) == (1, True)


def test_many_files_are_one_run(run: Run, hook: Run, project: Path) -> None:
    for number in range(150):
        (project / f"train_{number}.py").write_text(SWAPPED)
    run("git", "add", "-A", cwd=project)
    done = hook("keraslint", "run", "--all-files")
    assert done.stdout.count(": KER101 ") == 151
    assert done.stdout.count("Found 151 errors.") == 1


def test_excludes_are_obeyed(run: Run, hook: Run, project: Path) -> None:
    (project / "keraslint.toml").write_text('extend-exclude = ["train.py", "requirements.txt"]\n')
    run("git", "add", "-A", cwd=project)
    done = hook("keraslint keraslint-fix keraslint-project")
    assert (done.returncode, done.stdout.count("Passed")) == (0, 3), done.stdout
    assert (project / "train.py").read_text() == SWAPPED


def test_no_file_to_check(run: Run, hook: Run, project: Path) -> None:
    run("git", "rm", "-q", "--cached", "train.py", "requirements.txt", cwd=project)
    (project / "notes.md").write_text("nothing\n")
    run("git", "add", "notes.md", cwd=project)
    (project / "train.py").unlink()
    done = hook("keraslint keraslint-fix keraslint-project")
    assert (done.returncode, done.stdout.count("Skipped")) == (0, 3), done.stdout
    assert hook("keraslint-project", "run", "--hook-stage", "manual").returncode == 0


def test_a_new_pin_alone_stops_the_commit(run: Run, hook: Run, project: Path, integration: Integration) -> None:
    (project / "requirements.txt").write_text("keras==3.7.0\n")
    run("git", "add", "-A", cwd=project)
    assert hook("keraslint keraslint-project", "install").returncode == 0
    first = run("git", "commit", "-m", "with a release that is right", cwd=project)
    assert first.returncode == 0, first.stdout + first.stderr
    (project / "requirements.txt").write_text("keras==3.5.0\n")
    stopped = run("git", "commit", "-am", "an older one", cwd=project)
    assert stopped.returncode == 1
    said = stopped.stdout + stopped.stderr
    assert FOUND in said
    assert "keraslint-project" in said
    assert run("git", "log", "--format=%s", cwd=project).stdout == "with a release that is right\n"
    version = run("pre-commit", "--version", cwd=project).stdout.split()[-1]
    integration("pre-commit", version, "a commit of keras==3.5.0 alone is stopped")
