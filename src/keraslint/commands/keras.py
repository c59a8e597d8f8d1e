"""``keraslint keras``: which Keras releases a project allows, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.version import Version

from keraslint.commands.parsers import finder_of, keras_parser
from keraslint.notebook.places import CellIndex, is_notebook
from keraslint.pins.decode import read_text
from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.resolve import ProjectReleases, project_releases
from keraslint.report.admitted import admitted_by, admitted_lines, admitted_object
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
    project = admitted_by(settings, lambda: project_releases(path))
    if is_notebook(args.path) and not path.is_dir():
        project = _by_cell(project, path)
    known = _known_bad(project.releases) if args.known_bad else None
    if args.answer_format == "json":
        print(json.dumps(admitted_object(project) | ({} if known is None else {"known_bad": known}), indent=2))
    else:
        lines = [*admitted_lines(project, settings), *(() if known is None else _known_lines(known))]
        print("\n".join(map(one_line, lines)))
    return 0


def _by_cell(project: ProjectReleases, notebook: Path) -> ProjectReleases:
    """The answer with the rows of the notebook by cell."""
    found = [item for item in project.releases.evidence if Path.cwd() / item.filename == notebook]
    if not found:
        return project
    placed = CellIndex(read_text(notebook)).evidence(project.releases.evidence, found[0].filename)
    return replace(project, releases=replace(project.releases, evidence=placed))


def _known_bad(releases: KerasReleases) -> list[dict[str, Any]]:
    """What is known to be wrong with the allowed releases, whether the project uses it or not."""
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
