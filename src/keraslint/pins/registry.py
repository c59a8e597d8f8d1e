"""The kinds of dependency files that are read, and the sources that read a file."""

from __future__ import annotations

from functools import lru_cache

from keraslint.document import Document
from keraslint.files.dependency_names import PYTHON_SUFFIXES
from keraslint.pins.decode import plain
from keraslint.pins.interface import ReadResult, Source, read_bounded
from keraslint.pins.sources.conda import CONDA_ENVIRONMENT, CONDA_EXPLICIT, CONDA_LOCKS, CONDA_RECIPE
from keraslint.pins.sources.dockerfile import DOCKERFILE, DOTENV
from keraslint.pins.sources.github_workflow import WORKFLOW
from keraslint.pins.sources.install_lines import INSTALLS
from keraslint.pins.sources.locks import TOML_LOCKS, UV_LOCK
from keraslint.pins.sources.pipenv import PIPFILE, PIPFILE_LOCK
from keraslint.pins.sources.pixi import PIXI
from keraslint.pins.sources.pyproject import PYPROJECT, SCRIPT
from keraslint.pins.sources.requirements_txt import CONSTRAINTS, FROZEN, REQUIREMENTS
from keraslint.pins.sources.setup_cfg import SETUP_CFG
from keraslint.pins.sources.setup_py import SETUP_PY

SOURCES: tuple[Source, ...] = (
    *TOML_LOCKS,
    PIPFILE_LOCK,
    CONDA_EXPLICIT,
    *CONDA_LOCKS,
    PYPROJECT,
    PIPFILE,
    PIXI,
    CONDA_ENVIRONMENT,
    CONDA_RECIPE,
    SETUP_CFG,
    SETUP_PY,
    WORKFLOW,
    DOCKERFILE,
    DOTENV,
    REQUIREMENTS,
    CONSTRAINTS,
    FROZEN,
)
OWN = (SCRIPT, INSTALLS)
"""The sources that read the dependencies of a Python file or a notebook in it."""

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

    A Python file other than setup.py may hold its own dependencies, ``….py.lock`` the versions that uv chose.
    """
    parts = path.split("/")
    names = ["/".join(parts[-count:]) for count in range(1, min(_PARTS, len(parts)) + 1)]
    found = tuple(source for source in SOURCES if any(source.claims(name) for name in names))
    if path.endswith(".py.lock"):
        return (UV_LOCK,)
    return found or (OWN if path.endswith(PYTHON_SUFFIXES) else ())
