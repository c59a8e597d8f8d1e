"""Tells by name and bytes which files may be dependency files, cheaply: a walk asks it of every file."""

from __future__ import annotations

import codecs
import re

from keraslint.notebook.places import SUFFIX as NOTEBOOK_SUFFIX

SCRIPT_SUFFIXES = (".py", ".pyw")
PYTHON_SUFFIXES = (*SCRIPT_SUFFIXES, NOTEBOOK_SUFFIX)

_NAME = re.compile(
    r"""(?: .*req[^/]*\.(?:txt|in|pip|lock)
    | .*constraint[^/]*\.(?:txt|in|pip|lock)
    | .*(?:conda|explicit|spec|package)[^/]*\.(?:lock|txt)
    | .*(?:conda|dep|env|freez|frozen|installed|libs|libraries|modules|pip|pkgs|version)[^/]*\.txt
    | .*(?:conda|env)[^/]*\.ya?ml | meta\.ya?ml
    | (?:pyproject|pixi|pylock[^/]*)\.toml
    | (?:uv|poetry|pdm|pipfile|.*\.pyw?|.*pixi)\.lock
    | pipfile | setup\.cfg | setup\.py
    | .*(?:docker|container)file.*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# A command in a script that was a notebook, or the call that it stands for.
_INSTALLS = re.compile(rb"[!%](?:pip|uv|conda)\b|![^\n]*\bpip\b|get_ipython\(\)|%%(?:bash|sh|!|sx|system|script)\b")
_FOLDERS = re.compile(r"(?:requirements?|reqs?|constraints?)", re.IGNORECASE)
_IN_FOLDER = re.compile(r".*\.(?:txt|in|pip)", re.IGNORECASE)


def may_be_dependency_file(folder: str, name: str) -> bool:
    """Return True if the file ``name`` in ``folder`` (a path) may be one; sources_of() knows."""
    if _NAME.fullmatch(name):
        return True
    above = folder.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if above == "workflows":
        return name.endswith((".yml", ".yaml"))
    return bool(_FOLDERS.fullmatch(above) and _IN_FOLDER.fullmatch(name))


def is_python(path: str) -> bool:
    """Return True if a file to check is read as Python: a dependency file is not, unless it is setup.py or a script."""
    if path.endswith(PYTHON_SUFFIXES):
        return True
    folder, _, name = path.replace("\\", "/").rpartition("/")
    return not may_be_dependency_file(folder, name)


def is_utf16(data: bytes) -> bool:
    """Return True for a text that says by its first bytes that it is in UTF-16, or UTF-32."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def may_ask_for_keras(path: str, data: bytes) -> bool:
    """Return True if the file may be a dependency file, or a script or notebook with its own, that names Keras."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    if name.endswith(PYTHON_SUFFIXES) and name != "setup.py":
        installs = b"install" in data or b" add " in data
        installs = installs and (name.endswith(NOTEBOOK_SUFFIX) or _INSTALLS.search(data) is not None)
        return (installs or b"# /// script" in data) and b"keras" in data
    wide = is_utf16(data)  # also those of UTF-32
    return may_be_dependency_file(folder, name) and (wide or b"keras" in data.lower())
