"""The Keras and TensorFlow in an installed environment, from their metadata on the disk; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from keraslint.files.disk import below, exists, is_file, is_folder, is_link, names_in, real
from keraslint.pins.decode import Unreadable, read_text
from keraslint.pins.interface import ReadResult
from keraslint.pins.requirement_line import distribution_of
from keraslint.pins.sources.locks import LockEntry, locked

_LIBRARIES = (
    "lib/python3*/site-packages",
    "lib64/python3*/site-packages",
    "Lib/site-packages",
    "lib/python3/dist-packages",
    "lib/python3*/dist-packages",
    "local/lib/python3*/dist-packages",
)
_METADATA = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-[^-]+(?:-py3[.\d]*)?\.(?P<kind>dist-info|egg-info)", re.IGNORECASE)
_FILE = {"dist-info": "METADATA", "egg-info": "PKG-INFO"}
_SERIES = re.compile(r"python(3\.\d+)")


def read_installed(python: Path) -> tuple[tuple[tuple[Path, ReadResult], ...], tuple[Path, ...]]:
    """The result of each metadata file of Keras or TensorFlow, and the folders with installed packages.

    python: an interpreter, or the folder of an environment. Of several Python versions below one prefix the one in
    the interpreter's name counts. Raises ValueError if there is no such path, or no folder with installed packages.
    """
    if not exists(python):
        raise ValueError(f"{python}: no such interpreter or folder")
    folders = _libraries(python)
    if not folders:
        raise ValueError(f"{python}: no environment with installed packages")
    return tuple(_metadata(folders)), folders


def _libraries(python: Path) -> tuple[Path, ...]:
    """The folders with installed packages, those of the environment before those below it."""
    prefixes = [python] if is_folder(python) else [python.parent.parent]
    configuration = prefixes[0] / "pyvenv.cfg"
    if is_file(configuration):
        settings = _settings(configuration)
        if settings.get("include-system-site-packages", "").lower() == "true" and "home" in settings:
            prefixes.append(Path(settings["home"]).parent)
    elif is_link(str(python)):
        prefixes.append(Path(real(python)).parent.parent)
    folders = dict.fromkeys(
        folder
        for prefix in prefixes
        for pattern in _LIBRARIES
        for folder in below(prefix, pattern)
        if is_folder(folder)
    )
    series = _SERIES.fullmatch(python.name)
    wanted = [folder for folder in folders if not series or f"python{series.group(1)}/" in folder.as_posix()]
    return tuple(wanted or folders)


def _settings(path: Path) -> dict[str, str]:
    try:
        lines = read_text(path).splitlines()
    except Unreadable:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _metadata(folders: tuple[Path, ...]) -> Iterator[tuple[Path, ReadResult]]:
    """The first metadata file of each name: the package that an import finds."""
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder / name for name in names_in(folder)):
            match = _METADATA.fullmatch(path.name)
            distribution = distribution_of(match.group("name")) if match else None
            if match is None or distribution is None or distribution in seen:
                continue
            seen.add(distribution)
            file = path if is_file(path) else path / _FILE[match.group("kind").lower()]
            yield file, locked(file.as_posix(), [_entry(file, match.group("name"))])


def _entry(file: Path, name: str) -> LockEntry:
    """The entry with the version in a metadata file; the version is None if it can't be read."""
    try:
        lines = read_text(file).split("\n")
    except Unreadable:
        return LockEntry(name, None, 0, "")
    for row, line in enumerate(lines, 1):
        if line.startswith("Version:"):
            return LockEntry(name, line.removeprefix("Version:").strip(), row, line.strip())
        if not line:
            break
    return LockEntry(name, None, 0, "")
