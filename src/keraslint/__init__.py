"""keraslint: finds Keras compile calls whose losses, weights or targets reach the wrong output.

The public API; each name is loaded when it is first used.
"""
# Nothing is imported here, not even __future__: under ``python -m keraslint`` a file of the project may have that name.

TYPE_CHECKING = False  # importing typing would take longer than all the rest of ``keraslint --version``

if TYPE_CHECKING:
    from keraslint.api import CheckIncomplete as CheckIncomplete
    from keraslint.api import check_paths as check_paths
    from keraslint.api import check_repository as check_repository
    from keraslint.api import check_source as check_source
    from keraslint.diagnostic import Diagnostic as Diagnostic
    from keraslint.diagnostic import Edit as Edit
    from keraslint.diagnostic import Fix as Fix

__version__ = "0.1.0"

_HOMES = {
    "CheckIncomplete": "keraslint.api",
    "check_paths": "keraslint.api",
    "check_repository": "keraslint.api",
    "check_source": "keraslint.api",
    "Diagnostic": "keraslint.diagnostic",
    "Edit": "keraslint.diagnostic",
    "Fix": "keraslint.diagnostic",
}
__all__ = [
    "CheckIncomplete",
    "Diagnostic",
    "Edit",
    "Fix",
    "__version__",
    "check_paths",
    "check_repository",
    "check_source",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
