"""``keraslint keras``: which Keras releases a project admits, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.commands.parsers import finder_of, keras_parser
from keraslint.config.effective import configured_releases
from keraslint.config.settings import Settings
from keraslint.notebook.places import CellIndex, is_notebook
from keraslint.pins.decode import read_text
from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.resolve import ProjectReleases, project_releases
from keraslint.rules.shared.wording import releases as in_words
from keraslint.words import one_line


def run(arguments: Sequence[str]) -> int:
    """Print the answer and return the exit code: 2 if the path does not exist. Raises ConfigError."""
    args = keras_parser().parse_args(arguments)
    cwd = Path.cwd()
    path = cwd / args.path
    if not path.exists():
        print(f"error: {one_line(args.path)}: no such file or folder", file=sys.stderr)
        return 2
    folder = path if path.is_dir() else path.parent
    settings = finder_of(args, cwd).settings(folder)
    project = _answer(path, settings)
    if is_notebook(args.path) and not path.is_dir():
        project = _by_cell(project, path)
    known = _known_bad(project.releases) if args.known_bad else None
    if args.answer_format == "json":
        print(json.dumps(_as_dict(project) | ({} if known is None else {"known_bad": known}), indent=2))
    else:
        lines = [*_lines(project, settings), *(() if known is None else _known_lines(known))]
        print("\n".join(map(one_line, lines)))
    return 0


def _answer(path: Path, settings: Settings) -> ProjectReleases:
    if settings.keras_version is None and settings.installed is not None:
        return settings.installed
    configured = configured_releases(settings)
    return project_releases(path) if configured is None else ProjectReleases(configured)


def _by_cell(project: ProjectReleases, notebook: Path) -> ProjectReleases:
    """The answer with the rows of the notebook by cell."""
    found = [item for item in project.releases.evidence if Path.cwd() / item.filename == notebook]
    if not found:
        return project
    placed = CellIndex(read_text(notebook)).evidence(project.releases.evidence, found[0].filename)
    return replace(project, releases=replace(project.releases, evidence=placed))


def _lines(project: ProjectReleases, settings: Settings) -> Iterator[str]:
    releases = project.releases
    yield f"Keras {releases.admitted or 'any release'}"
    yield "  " + _what_decides(releases, settings)
    for item in releases.evidence if releases.strength != "none" else ():
        yield f"  {_place(item.filename, item.row, item.cell)}: {item.text}"
    if releases.contradicts:
        yield "  these contradict each other: all that any of them admits counts"
    other = releases.hinted
    for item in other.evidence if other is not None and not set(other.versions) <= set(releases.versions) else ():
        yield f"  does not count, but installs another release: {_place(item.filename, item.row)}: {item.text}"
    if releases.legacy:
        yield "  TF_USE_LEGACY_KERAS is set: tf.keras is Keras 2"
    yield f"  a fresh install takes: {_fresh(releases)}"
    yield f"  measured releases admitted: {in_words(releases.versions) if releases.versions else 'none'}"
    if releases.admits_newer and not releases.beyond:
        yield f"  newer releases are admitted, too, and count as {MEASURED[-1]}, the newest one measured"
    if project.files:
        yield f"  files read: {', '.join(project.files)}"
    for skip in project.skipped:
        yield f"  skipped {_place(skip.filename, skip.row)}: {skip.reason}"


def _known_bad(releases: KerasReleases) -> list[dict[str, Any]]:
    """What is known to be wrong with the admitted releases, whether the project uses it or not."""
    from keraslint.behaviour.known_bad_calls import known_to_be_wrong
    from keraslint.rules.registry import ALL_RULES

    found = []
    for entry in known_to_be_wrong(releases.versions):
        bad = [release for release in entry.releases() if release in releases.versions]
        found.append(
            {
                "name": entry.name,
                "pattern": entry.pattern,
                "releases": [str(release) for release in bad],
                "shows": entry.shows,
                "seen": str(entry.on(bad[-1])),
                "how": entry.on(bad[-1]).kind,
                "cure": entry.cure,
                "issues": list(entry.issues),
                "rules": [rule.code for rule in ALL_RULES if f"known-bad: {entry.name}" in rule.measured],
            }
        )
    return found


def _known_lines(known: list[dict[str, Any]]) -> Iterator[str]:
    yield f"  known to be wrong with these releases: {'nothing' if not known else len(known)}"
    for one in known:
        found_by = f" ({', '.join(one['rules'])})" if one["rules"] else ""
        issues = f"; keras-team/keras {', '.join(f'#{issue}' for issue in one['issues'])}" if one["issues"] else ""
        where = in_words([Version(text) for text in one["releases"]])
        yield f"  {where}: {one['pattern']}{found_by}: {one['shows']}: {one['seen']}{issues}; instead: {one['cure']}"


def _fresh(releases: KerasReleases) -> str:
    if releases.beyond:
        return f"a release newer than {releases.newest}, the newest one measured: it counts as that one"
    if releases.newest is None:
        return "Keras 2" if releases.admits_others else "nothing, for no release of Keras is admitted"
    return str(releases.newest)


def _what_decides(releases: KerasReleases, settings: Settings) -> str:
    if settings.keras_version is not None:
        given = settings.command.keras_version is not None
        return "the command line decides:" if given else "the configuration decides:"
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
        "none": "no file of the project names Keras or TensorFlow",
    }[releases.strength]


def _place(filename: str, row: int, cell: int | None = None) -> str:
    within = "" if cell is None else f"cell {cell}:"
    return f"{filename}:{within}{row}" if row else filename


def _as_dict(project: ProjectReleases) -> dict[str, Any]:
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
