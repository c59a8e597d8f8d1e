"""The kinds of dependency files that are read, and the sources that read a file."""

from __future__ import annotations

from functools import lru_cache

from keraslint.document import Document
from keraslint.pins.decode import plain
from keraslint.pins.interface import ReadResult, Role, Source, read_bounded
from keraslint.pins.sources.conda import CondaExplicit
from keraslint.pins.sources.conda_environment import CondaEnvironment
from keraslint.pins.sources.conda_locks import ListedLock
from keraslint.pins.sources.dockerfile import Dockerfile
from keraslint.pins.sources.dotenv import Dotenv
from keraslint.pins.sources.github_workflow import Workflow
from keraslint.pins.sources.inline_script import SCRIPT
from keraslint.pins.sources.pipenv import Pipfile, PipfileLock
from keraslint.pins.sources.pixi import Pixi
from keraslint.pins.sources.pyproject import Pyproject
from keraslint.pins.sources.requirements_txt import RequirementsFile
from keraslint.pins.sources.setup_cfg import SetupCfg
from keraslint.pins.sources.setup_py import SetupPy
from keraslint.pins.sources.toml_locks import TOML_LOCKS, UV_LOCK

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


def read_document(document: Document) -> tuple[tuple[Source, ReadResult], ...]:
    """Each source that reads a document, with its result, the last of which are kept."""
    return _read(document.path, plain(document.text))


@lru_cache(maxsize=4)
def _read(path: str, text: str) -> tuple[tuple[Source, ReadResult], ...]:
    return tuple((source, read_bounded(source, path, text)) for source in sources_of(path.replace("\\", "/")))


def sources_of(path: str) -> tuple[Source, ...]:
    """The sources that read the file at ``path`` (with slashes), whichever folder is the project's; often none.

    A Python file other than setup.py may hold the dependencies of a script, ``….py.lock`` the versions that uv chose.
    """
    parts = path.split("/")
    names = ["/".join(parts[-count:]) for count in range(1, min(_PARTS, len(parts)) + 1)]
    found = tuple(source for source in SOURCES if any(source.claims(name) for name in names))
    if path.endswith(".py.lock"):
        return (UV_LOCK,)
    return found or ((SCRIPT,) if path.endswith((".py", ".pyw")) else ())
