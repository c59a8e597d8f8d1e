"""The effective settings of one file: the rules that are on, and the releases that are configured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.config.selection import Layer, chosen, matching
from keraslint.config.settings import Settings
from keraslint.diagnostic import Evidence, Selection
from keraslint.files.paths import absolute, display

if TYPE_CHECKING:
    from keraslint.pins.keras_releases import KerasReleases


def configured_releases(settings: Settings) -> KerasReleases | None:
    """The releases that ``--keras-version``, ``--environment`` or the configuration asks for, None where none does.

    Raises ConfigError for a path that is not an environment.
    """
    if settings.keras_version is None:
        return settings.installed.releases if settings.installed is not None else None
    from keraslint.pins.given import releases_from_option

    deciding = settings.file if settings.command.keras_version is None else settings.command
    releases = releases_from_option(settings.keras_version, deciding.keras_version_by or "--keras-version")
    row = deciding.keras_version_row
    if settings.source is None or not row:
        return releases
    source = display(settings.source, Path(settings.cwd))
    return replace(releases, evidence=(Evidence(source, row, f"keras-version = {settings.keras_version!r}"),))


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A line about releases of which nothing is measured; ``unchecked``: so no call could be checked."""

    line: str
    unchecked: bool


def unmeasured(settings: Settings) -> Unmeasured | None:
    """What is to be said of the configured or installed releases, None if they are measured."""
    releases = configured_releases(settings)
    if releases is None or not releases.evidence:
        return None
    asked = releases.evidence[0]
    if settings.keras_version is None:
        return nothing_measured(releases, f"{asked.filename}: Keras {releases.admitted}")
    where = f"{asked.filename}:{asked.row}: keras-version" if asked.row else asked.filename
    return nothing_measured(releases, f"{where} {settings.keras_version}")


def nothing_measured(keras: KerasReleases, which: str) -> Unmeasured | None:
    """What is to be said of releases that a line asks for, which ``which`` names; None if they are measured."""
    from keraslint.behaviour.releases import MEASURED

    if keras.beyond:
        return Unmeasured(f"{which} is newer than all measured releases: it counts as {MEASURED[-1]}", unchecked=False)
    if keras.versions or not keras.versioned:
        return None
    measured = f"{MEASURED[0]} to {MEASURED[-1]}"
    if keras.admits_others:
        said = f"{which} is older than Keras 3: only {measured} are measured, so no call was checked"
    else:
        said = f"{which} matches none of the measured releases, {measured}, so no call was checked"
    return Unmeasured(said, unchecked=True)


@lru_cache(maxsize=64)
def _chosen(layers: tuple[Layer, ...]) -> Selection:
    from keraslint.rules.registry import ALL_RULES

    return chosen(layers, ALL_RULES)


def selected(path: str, settings: Settings) -> Selection:
    """The rules that are on for the file at ``path``.

    Where releases or an environment are given for all files, the rules about dependencies alone are off.
    """
    from keraslint.rules.registry import ALL_RULES

    rules = _chosen(settings.layers)
    posix = Path(absolute(path)).as_posix() if settings.per_file_ignores else ""
    for pattern, negated, selectors in settings.per_file_ignores:
        if pattern.matches(posix) != negated:
            rules = rules.without(matching(selectors, ALL_RULES))
    if settings.keras_version is not None or settings.environment is not None:
        rules = rules.without([rule.code for rule in ALL_RULES if rule.reads_dependencies and not rule.reads_ends])
    return rules
