"""Whether a comment in a dependency file changes nothing for the tool that reads the file."""

from __future__ import annotations

import sys
from typing import Any

from keraslint.limits import too_much_toml
from keraslint.pins.decode import plain
from keraslint.pins.interface import Role
from keraslint.pins.registry import sources_of
from keraslint.pins.sources.requirements_txt import CONSTRAINTS, FROZEN, REQUIREMENTS, contents

# PyYAML reads some 100,000 characters a second.
_LONGEST_YAML = 500_000


def means_the_same(path: str, before: str, after: str) -> bool:
    """True if two texts of a dependency file differ in comments alone. False where that can't be told.

    Requirements files, TOML and YAML are read as their tools read them. A lock is written by a tool, which keeps no
    comment; in other files a comment may become a part of a value.
    """
    sources = sources_of(path.replace("\\", "/"))
    if not sources or any(source.role is Role.LOCKS for source in sources):
        return False
    if all(source in (REQUIREMENTS, CONSTRAINTS, FROZEN) for source in sources):
        return contents(plain(before)) == contents(plain(after))
    name = path.replace("\\", "/").rpartition("/")[2]
    if name.endswith(".toml") or name == "Pipfile":
        return _toml(before) == _toml(after) is not None
    if name.endswith((".yml", ".yaml")):
        return _yaml(before) == _yaml(after) is not None
    return False


def _toml(text: str) -> dict[str, Any] | None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return None if too_much_toml(text) else tomllib.loads(plain(text))
    except (ValueError, RecursionError):
        return None


def _yaml(text: str) -> str | None:
    """The document without comments; None where it is not valid."""
    import yaml

    if len(text) > _LONGEST_YAML:
        return None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return None if root is None else yaml.serialize(root)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
