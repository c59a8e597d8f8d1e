"""The kinds of dependency files that are read, and which of them a file is."""

from __future__ import annotations

from keraslint.pins.conda import CondaEnvironment, CondaExplicit
from keraslint.pins.dockerfile import Dockerfile
from keraslint.pins.dotenv import Dotenv
from keraslint.pins.listed_locks import ListedLock
from keraslint.pins.pipenv import Pipfile, PipfileLock
from keraslint.pins.pixi import Pixi
from keraslint.pins.pyproject import Pyproject
from keraslint.pins.requirement import RequirementsFile
from keraslint.pins.script import SCRIPT
from keraslint.pins.setup_cfg import SetupCfg
from keraslint.pins.setup_py import SetupPy
from keraslint.pins.source import Role, Source
from keraslint.pins.toml_locks import TOML_LOCKS, UV_LOCK
from keraslint.pins.workflow import Workflow

SOURCES: tuple[Source, ...] = (
    *TOML_LOCKS,
    PipfileLock(),
    CondaExplicit(),
    ListedLock("conda-lock.yml"),
    ListedLock("pixi.lock"),
    Pyproject(),
    Pipfile(),
    Pixi(),
    CondaEnvironment(),
    SetupCfg(),
    SetupPy(),
    Workflow(),
    Dockerfile(),
    Dotenv(),
    RequirementsFile(),
    RequirementsFile(Role.CONSTRAINS),
)
# The longest name below a project's folder: .github/workflows/test.yml.
_PARTS = 3


def sources_of(path: str) -> tuple[Source, ...]:
    """What reads the file at ``path`` (with slashes), whatever folder above it is the project's; often nothing.

    A Python file other than setup.py may hold the dependencies of a script, one ``….py.lock`` what uv chose for it.
    """
    parts = path.split("/")
    names = ["/".join(parts[-count:]) for count in range(1, min(_PARTS, len(parts)) + 1)]
    found = tuple(source for source in SOURCES if any(source.claims(name) for name in names))
    if path.endswith(".py.lock"):
        return (UV_LOCK,)
    return found or ((SCRIPT,) if path.endswith((".py", ".pyw")) else ())
