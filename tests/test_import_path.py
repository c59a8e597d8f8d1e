"""No module of the checked project is imported: the working folder holds traps of every name that could be."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import keraslint
from keraslint.engine.run import MIN_FILES_FOR_POOL

from .server.test_command import INITIALIZE, message

pytestmark = pytest.mark.slow

SOURCE = Path(keraslint.__file__).parents[1]
DEPENDENCIES = (
    "libcst",
    "packaging",
    "pathspec",
    "yaml",
    "pygls",
    "lsprotocol",
    "attrs",
    "cattrs",
    "typing_extensions",
)
SWAPPED = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
"""
NEWER = SWAPPED + "type Pair[T] = tuple[T, T]\n"
# A trap writes its name down, and then is the module that it hides, so that one run shows all that were imported.
TRAP = """\
import sys
with open({log!r}, "a") as log:
    log.write({name!r} + "\\n")
before = list(sys.path)
sys.path[:] = [entry for entry in sys.path if entry not in ("", {folder!r})]
del sys.modules[{name!r}]
try:
    __import__({name!r})
finally:
    sys.path[:] = before
"""
# What flake8 itself has imported when it runs a plugin is its own affair.
FLAKE8 = """\
from __future__ import annotations
import argparse, ast, functools, importlib.metadata, logging, multiprocessing, re, sys, tokenize
from keraslint.flake8 import Plugin

Plugin.parse_options(argparse.Namespace(select=["KER002", "KER101"], extend_select=[], disable_noqa=False))
for name in sys.argv[1:]:
    text = open(name).read()
    for row, column, said, _ in Plugin(ast.parse(text), name, text.splitlines(keepends=True)).run():
        print(f"{name}:{row}:{column}: {said}")
sys.exit(1)
"""
OF_FLAKE8 = FLAKE8.partition("from keraslint")[0] + "sys.exit(1)\n"


def names() -> set[str]:
    """The names that keraslint, its dependencies and Python's library import, and those of Python's library."""
    found = set(sys.stdlib_module_names)
    for name in ("keraslint", *DEPENDENCIES):
        package = importlib.import_module(name)
        for folder in getattr(package, "__path__", ()):
            for path in Path(folder).rglob("*.py"):
                found.update(re.findall(r"^\s*(?:from|import) +(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    found.update(module.name for module in pkgutil.iter_modules() if not module.name.startswith("__editable__"))
    return found - {"flake8", "keraslint", "tests", "__main__", *sys.builtin_module_names}


def lay_traps(folder: Path, log: Path) -> None:
    for name in names():
        (folder / f"{name}.py").write_text(TRAP.format(log=str(log), folder=str(folder), name=name))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    lay_traps(folder, folder.parent / f"{folder.name}.log")
    files = {
        "requirements.txt": "keras==3.5.0\n",
        "environment.yml": "dependencies:\n- keras=3.5.0\n",
        "pyproject.toml": '[project]\nname = "mine"\nversion = "1"\ndependencies = ["keras==3.5.0"]\n',
        "train.py": SWAPPED,
        "newer.py": NEWER,
        "unused.py": "import keras  # noqa: KER101\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "many").mkdir()
    for number in range(MIN_FILES_FOR_POOL + 1):
        (folder / "many" / f"train_{number}.py").write_text(SWAPPED)
    return folder


def imported(
    folder: Path, *command: str, stdin: bytes = b"", code: int = 1, more: Path = SOURCE
) -> tuple[set[str], str]:
    """The traps that a command has imported, and its stdout."""
    log = folder.parent / f"{folder.name}.log"
    log.write_text("")
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        input=stdin,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(SOURCE), str(more)))},
        capture_output=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == code, done.stderr.decode()
    return set(log.read_text().split()), done.stdout.decode()


CHECK = ("-m", "keraslint", "check", "--select=ALL")
SCRIPT = ("-c", "import sys; sys.path[0] = sys.prefix; from keraslint.cli import main; sys.exit(main())")
WAYS = {
    "script": ((*SCRIPT, "train.py", "newer.py"), 1, "KER101"),
    "module": ((*CHECK, "train.py", "newer.py", "unused.py", "requirements.txt"), 1, "KER101"),
    "pins": (("-m", "keraslint", "keras", "."), 0, "requirements.txt:1"),
    "diff": ((*CHECK, "--diff", "--unsafe-fixes", "--fix-style=safe-compile", "train.py"), 1, "safe_compile("),
    "upgrade": (
        (*CHECK, "--diff", "--unsafe-fixes", "--fix-style=upgrade", "requirements.txt", "train.py"),
        1,
        "keras==3.7.0",
    ),
    "sarif": ((*CHECK, "--output-format=sarif", "train.py"), 1, "KER101"),
    "junit": ((*CHECK, "--output-format=junit", "train.py"), 1, "KER101"),
    "processes": ((*CHECK, "--diff", "--unsafe-fixes", "--jobs=2", "many"), 1, 'loss=("mse", "mae")'),
    "rule": (("-m", "keraslint", "rule", "KER101"), 0, "misrouted-loss"),
}


@pytest.fixture(scope="module")
def of_python(project: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The traps that Python itself imports for ``python -m``, whatever the module."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "does_nothing.py").write_text("")
    return imported(project, "-m", "does_nothing", code=0, more=folder)[0]


@pytest.mark.parametrize("way", WAYS)
def test_the_command_imports_nothing_of_the_project(project: Path, of_python: set[str], way: str) -> None:
    command, code, expected = WAYS[way]
    found, said = imported(project, *command, code=code)
    assert found <= of_python
    assert expected in said


def test_text_on_stdin_imports_nothing_of_the_project(project: Path, of_python: set[str]) -> None:
    found, said = imported(project, *CHECK, "-", stdin=NEWER.encode())
    assert found <= of_python
    assert "KER101" in said


def test_the_server_imports_nothing_of_the_project(project: Path, of_python: set[str]) -> None:
    uri = (project / "train.py").as_uri()
    opened = {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": NEWER}}
    asked = {"textDocument": {"uri": uri}}
    place = {"start": {"line": 6, "character": 30}, "end": {"line": 6, "character": 30}}
    actions = {**asked, "range": place, "context": {"diagnostics": []}}
    talk = [
        INITIALIZE,
        message("initialized", None, {}),
        message("textDocument/didOpen", None, opened),
        message("textDocument/diagnostic", 2, asked),
        message("textDocument/codeAction", 3, actions),
        message("textDocument/hover", 4, {**asked, "position": place["start"]}),
    ]
    log = project.parent / f"{project.name}.log"
    log.write_text("")
    server = subprocess.Popen(
        [sys.executable, "-m", "keraslint", "server"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(b"".join(talk))
    server.stdin.flush()
    answers = {}
    while not {2, 3, 4} <= set(answers):
        length = int(server.stdout.readline().partition(b":")[2])
        while server.stdout.readline().strip():
            pass
        answer = json.loads(server.stdout.read(length))
        answers[answer.get("id")] = answer
    rest = server.communicate(message("shutdown", 5) + message("exit"), timeout=900)
    assert (server.returncode, rest[1]) == (0, None)
    assert answers[2]["result"]["items"][0]["code"] == "KER101"
    assert answers[3]["result"]
    assert answers[4]["result"]
    assert set(log.read_text().split()) <= of_python


def test_the_plugin_of_flake8_imports_nothing_of_the_project(project: Path, tmp_path: Path) -> None:
    for name, text in {"flake8": FLAKE8, "without": OF_FLAKE8}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / "__main__.py").write_text(text)
    without, _ = imported(project, "-m", "without", more=tmp_path)
    found, said = imported(project, "-m", "flake8", "train.py", "unused.py", more=tmp_path)
    assert "train.py:7:27: KER101" in said
    assert "unused.py:1:" in said
    assert found <= without


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_that_begin_anew_import_nothing_of_the_project(
    project: Path, of_python: set[str], method: str
) -> None:
    begin = f"import multiprocessing; multiprocessing.set_start_method({method!r})"
    script = f"{SCRIPT[1].partition(';')[0]}; sys.path[0] = sys.prefix; {begin}; from keraslint.cli import main; main()"
    found, said = imported(project, "-c", script, "check", "--jobs=2", "many", code=0)
    assert said.count("KER101") == MIN_FILES_FOR_POOL + 1
    assert found <= of_python
