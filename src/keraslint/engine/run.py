"""Many files to their reports: which could matter, in how many processes, and what they show about each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from keraslint.config.effective import selected, selected_pins
from keraslint.engine.checker import Checker, _ordered
from keraslint.engine.discovery import Found
from keraslint.engine.reports import FileReport, Fixing, unreadable
from keraslint.files.dependency_names import is_python, may_ask_for_keras

if TYPE_CHECKING:
    from keraslint.engine.cross_file import Crossing

# Below this many files that could matter, starting processes takes longer than checking.
MIN_FILES_FOR_POOL = 32


def check_files(files: Sequence[Found], *, jobs: int = 1, fixing: Fixing | None = None) -> Iterator[FileReport]:
    """The reports of those ``files`` that have anything to report, in their order.

    With ``jobs`` above 1, many files that could matter are checked by that many processes.
    """
    read = [_prefiltered(found) for found in files]
    entries = [entry.python for entry in read if entry.python is not None]
    worth = [entry for entry in entries if isinstance(entry, Found)]
    if jobs > 1 and len(worth) >= MIN_FILES_FOR_POOL:
        reports = _in_processes(worth, min(jobs, len(worth)), fixing)
    else:
        reports = iter(_check_chunk(worth, fixing))
    settled = [next(reports) if isinstance(entry, Found) else entry for entry in entries]
    for report in _with_pins(_crossed(settled, files), [entry.found for entry in read if entry.pins], files, fixing):
        if report.diagnostics or report.fixed or report.error:
            yield report


def _with_pins(
    reports: list[FileReport], pins: Sequence[Found], files: Sequence[Found], fixing: Fixing | None
) -> list[FileReport]:
    """The reports, in the order of ``files``, with what is wrong with the dependencies that ``pins`` declare."""
    if not pins:
        return reports
    from keraslint.engine.dependency_files import DependencyChecker

    by_path = {report.path: report for report in reports}
    checker = DependencyChecker(fixing, [item for report in reports for item in report.diagnostics])
    for found in pins:
        select = selected_pins(found.path, found.settings)
        by_path[found.path] = checker.check(found.path, select, by_path.get(found.path, FileReport(found.path)))
    return [by_path[found.path] for found in files if found.path in by_path]


def _crossed(reports: list[FileReport], files: Sequence[Found]) -> list[FileReport]:
    """The reports with what callers in other files show."""
    awaiting = [report for report in reports if report.awaits]
    if not awaiting or len(files) < 2:
        return reports
    from keraslint.engine.cross_file import look_across

    places = {_absolute(found.path): found for found in files}
    checker, wanted = Checker(), {_absolute(report.path) for report in awaiting}
    crossings = look_across(places, wanted, lambda path: checker.releases(places[path]))
    return [_with_crossing(report, crossings, places) if report.awaits else report for report in reports]


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - a link is known by its own name


def _with_crossing(report: FileReport, crossings: dict[str, Crossing], places: dict[str, Found]) -> FileReport:
    from keraslint.engine.cross_file import merged
    from keraslint.noqa import not_silenced

    crossing, found = crossings.get(_absolute(report.path)), places[_absolute(report.path)]
    if crossing is None or crossing.document.text != report.text:
        return report
    select = selected(found.path, found.settings)
    document = replace(crossing.document, path=report.path)
    wanted = [replace(one, filename=report.path) for one in merged(report.diagnostics, crossing) if one.code in select]
    return replace(report, diagnostics=tuple(_ordered(not_silenced(document, wanted))))


@dataclass(frozen=True, slots=True)
class _Read:
    """What the bytes of a file tell: whether its Python could matter (a report: it can't be read), and its pins."""

    found: Found
    python: Found | FileReport | None
    pins: bool


def _prefiltered(found: Found) -> _Read:
    from keraslint.analysis.prefilter import may_matter, mentions_keras

    try:
        with open(found.path, "rb") as file:  # noqa: PTH123 - a Path for each of many files costs as much as the read
            data = file.read()
    except OSError as error:
        return _Read(found, unreadable(found.path, error), pins=False)
    matters = is_python(found.path) and (may_matter(data) or mentions_keras(data) or _may_name_unused(found, data))
    return _Read(found, found if matters else None, may_ask_for_keras(found.path, data))


def _may_name_unused(found: Found, data: bytes) -> bool:
    if b"KER" not in data and b"ker" not in data:  # spares an import for most files
        return False
    from keraslint.noqa import may_name_our_codes
    from keraslint.rules.registry import rules_in

    return may_name_our_codes(data) and any(
        rule.reads_comments for rule in rules_in(selected(found.path, found.settings))
    )


def _in_processes(files: Sequence[Found], jobs: int, fixing: Fixing | None) -> Iterator[FileReport]:
    from keraslint.engine.pool import spread

    died = "internal error: the process that was to check it died; try --jobs 1"
    for share, reports in spread(partial(_check_chunk, fixing=fixing), files, jobs):
        yield from reports if reports is not None else (FileReport(found.path, error=died) for found in share)


def _check_chunk(files: Sequence[Found], fixing: Fixing | None) -> Iterable[FileReport]:
    checker = Checker(fixing)
    return [checker.check_source(found) for found in files]
