"""Which Keras releases a project allows, and why: in words, and as an object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from keraslint.behaviour.releases import MEASURED
from keraslint.config.effective import configured_releases
from keraslint.config.settings import Settings
from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.resolve import ProjectReleases
from keraslint.rules.shared.wording import releases as in_words

_LONGEST_LINE = 60


def admitted_by(settings: Settings, of_project: Callable[[], ProjectReleases]) -> ProjectReleases:
    """The releases that the settings ask for; without such settings those of the project. Raises ConfigError."""
    if settings.keras_version is None and settings.installed is not None:
        return settings.installed
    configured = configured_releases(settings)
    return of_project() if configured is None else ProjectReleases(configured)


def admitted_in_words(releases: KerasReleases) -> str:
    """The allowed releases in a few words."""
    if releases.strength == "none":
        return "any release"
    return in_words(releases.versions) if releases.versions else "no measured release"


def admitted_lines(project: ProjectReleases, settings: Settings) -> Iterator[str]:
    """The answer in lines: the releases, what decides, where that stands, and what could not be read."""
    releases = project.releases
    yield f"Keras {releases.admitted or 'any release'}"
    yield "  " + _what_decides(releases, settings)
    for item in releases.evidence if releases.strength != "none" else ():
        yield f"  {_place(item.filename, item.row, item.cell)}: {item.text}"
    if releases.contradicts:
        yield "  these contradict each other: all that any of them allows counts"
    other = releases.hinted
    for item in other.evidence if other is not None and not set(other.versions) <= set(releases.versions) else ():
        yield f"  does not count, but installs another release: {_place(item.filename, item.row)}: {item.text}"
    if releases.legacy:
        yield "  TF_USE_LEGACY_KERAS is set: tf.keras is Keras 2"
    yield f"  a fresh install takes: {_fresh(releases)}"
    yield f"  measured releases allowed: {in_words(releases.versions) if releases.versions else 'none'}"
    if releases.admits_newer and not releases.beyond:
        yield f"  newer releases are allowed, too, and count as {MEASURED[-1]}, the newest one measured"
    if project.files:
        yield f"  files read: {', '.join(project.files)}"
    for skip in project.skipped:
        written = f"`{skip.text[:_LONGEST_LINE]}`: " if skip.text and skip.text not in skip.reason else ""
        yield f"  skipped {_place(skip.filename, skip.row)}: {written}{skip.reason}"


def _fresh(releases: KerasReleases) -> str:
    if releases.beyond:
        return f"a release newer than {releases.newest}, the newest one measured: it counts as that one"
    if releases.newest is None:
        return "Keras 2" if releases.admits_others else "nothing, for no release of Keras is allowed"
    return str(releases.newest)


def _what_decides(releases: KerasReleases, settings: Settings) -> str:
    if settings.keras_version is not None:
        if settings.command.keras_version is None:
            return "the configuration decides:"
        by = settings.command.keras_version_by
        return "the command line decides:" if by is None else f"{by} decide:"
    if settings.installed is not None:
        if releases.strength != "none":
            named = "what is installed there decides:"
        else:
            missing = "neither Keras nor TensorFlow is installed"
            named = missing if releases.evidence else "no version of what is installed there can be read"
        return f"environment {settings.environment}: {named}"
    return {
        "exact": "a lock or an exact pin decides:",
        "range": "a range decides:",
        "bare": "named without a version:",
        "none": (
            "no line that may give a version of Keras could be read: see what was skipped"
            if releases.unread
            else "no file of the project names Keras or TensorFlow"
        ),
    }[releases.strength]


def _place(filename: str, row: int, cell: int | None = None) -> str:
    within = "" if cell is None else f"cell {cell}:"
    return f"{filename}:{within}{row}" if row else filename


def admitted_object(project: ProjectReleases) -> dict[str, Any]:
    """The answer as an object of JSON."""
    releases = project.releases
    return {
        "admitted": releases.admitted,
        "strength": releases.strength,
        "pinned": releases.pinned,
        "contradicts": releases.contradicts,
        "legacy": releases.legacy,
        "newest": None if releases.newest is None else str(releases.newest),
        "versions": [str(version) for version in releases.versions],
        "admits_others": releases.admits_others,
        "admits_newer": releases.admits_newer,
        "evidence": [{"filename": item.filename, "row": item.row, "text": item.text} for item in releases.evidence],
        "files": list(project.files),
        "skipped": [{"filename": item.filename, "row": item.row, "reason": item.reason} for item in project.skipped],
    }
