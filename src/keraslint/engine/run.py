"""From many files to their reports: a look at their bytes, checks in processes, evidence between files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile
from keraslint.engine.reports import FileReport, Fixing, in_order, unreadable
from keraslint.files.dependency_names import is_python, is_utf16, may_ask_for_keras
from keraslint.files.paths import absolute
from keraslint.files.regular import read_bytes
from keraslint.limits import USUAL, Bounds
from keraslint.notebook.places import is_notebook
from keraslint.profile import timed, timed_file

if TYPE_CHECKING:
    from keraslint.engine.cross_file import CallerEvidence
    from keraslint.engine.pool import Died

_Item = TypeVar("_Item", InputFile, FileReport)

Seen = Callable[[int, int, int], None]

# Below this many files that could matter, starting processes takes longer than checking.
MIN_FILES_FOR_POOL = 32

# A check ends by itself when its time is spent, but for a single step of a library; then its process is ended.
_PATIENCE = 3


def check_files(
    files: Sequence[InputFile],
    *,
    jobs: int = 1,
    fixing: Fixing | None = None,
    bounds: Bounds = USUAL,
    seen: Seen = lambda _done, _of, _found: None,
) -> Iterator[FileReport]:
    """The reports of the ``files`` with anything to report, in their order.

    bounds: what one file may cost. seen: called after each file that was looked into, with the number of those that are
    done, of all, and of the findings.

    With ``jobs`` above 1, many files that could matter are checked by that many processes. Facts that show
    compile calls of other files are kept until all files are checked. Facts that another process made stay there: it
    returns only the names of those other files, and a file is analysed again if it shows one in doubt.
    """
    with timed("look at the bytes of each file"):
        read = [_prefiltered(found) for found in files]
    entries = [entry.python for entry in read if entry.python is not None]
    worth = [entry for entry in entries if isinstance(entry, InputFile)]
    if jobs > 1 and len(worth) >= MIN_FILES_FOR_POOL:
        checked = _spread(
            partial(_check_in_process, fixing=fixing, bounds=bounds), worth, min(jobs, len(worth)), fixing
        )
    else:
        checked = _check_chunk(worth, fixing, bounds, waits=len(files) > 1)
    reports: list[FileReport] = []
    count = 0
    for entry in entries:
        reports.append(next(checked) if isinstance(entry, InputFile) else entry)
        count += len(reports[-1].diagnostics)
        seen(len(reports), len(entries), count)
    with timed("callers in other files"):
        reports = _with_callers(reports, files)
        if fixing is not None and len(files) > 1:
            reports = _fixed_late(reports, files, jobs, fixing)
        reports = [replace(report, facts=None) for report in reports]
    with timed("dependency files"):
        reports = _with_dependencies(reports, [entry.found for entry in read if entry.pins], files, fixing)
    for report in reports:
        if report.says_anything:
            yield report


def _with_dependencies(
    reports: list[FileReport], pins: Sequence[InputFile], files: Sequence[InputFile], fixing: Fixing | None
) -> list[FileReport]:
    """The reports, in the order of ``files``, with the findings about the dependencies that ``pins`` declare."""
    if not pins:
        return reports
    from keraslint.engine.dependency_files import callers_by_row

    by_path = {report.path: report for report in reports}
    checker = Checker(fixing)
    callers = callers_by_row(item for report in reports for item in (*report.diagnostics, *report.hinted))
    for found in pins:
        source = by_path.get(found.path, FileReport(found.path))
        by_path[found.path] = checker.check_file(found, source=source, callers=callers)
    return [by_path[found.path] for found in files if found.path in by_path]


def _fixed_late(reports: list[FileReport], files: Sequence[InputFile], jobs: int, fixing: Fixing) -> list[FileReport]:
    """The reports after the fixes in files of which callers may show more, which waited for these."""
    waiting = [
        replace(one, facts=None) for one in reports if one.needs_callers and any(i.fixes for i in one.diagnostics)
    ]
    work = partial(_fix_later, places={found.path: found for found in files}, fixing=fixing)
    if jobs > 1 and len(waiting) >= MIN_FILES_FOR_POOL:
        fixed = {one.path: one for one in _spread(work, waiting, min(jobs, len(waiting)), fixing)}
    else:
        fixed = {one.path: one for one in work(waiting)}
    if not any(one.fixed or one.error for one in fixed.values()):
        return reports
    return _with_callers([fixed.get(report.path, report) for report in reports], files)


def _fix_later(reports: Sequence[FileReport], places: Mapping[str, InputFile], fixing: Fixing) -> Iterator[FileReport]:
    checker = Checker(fixing)
    return (checker.fix_later(places[report.path], report) for report in reports)


def _with_callers(reports: list[FileReport], files: Sequence[InputFile]) -> list[FileReport]:
    """The reports, corrected by the evidence of callers in other files."""
    given = frozenset[str]().union(*(report.gives_dicts for report in reports))
    needing = [report for report in reports if report.needs_callers]
    if (not given and not needing) or len(files) < 2:
        return reports
    places = {absolute(found.path): found for found in files}
    wanted = {absolute(report.path) for report in needing} | given & places.keys()
    if not wanted:
        return reports
    from keraslint.engine.cross_file import evidence_from_callers

    checker = Checker()
    # After a fix the facts of files that import the fixed one are outdated.
    checked = {} if any(one.fixed for one in reports) else {absolute(report.path): report for report in reports}
    evidence = evidence_from_callers(places, wanted, lambda path: checker.releases(places[path]), checked)
    known = {absolute(report.path) for report in reports}
    texts = {path: shown.document.text for path, shown in evidence.items() if path in places.keys() - known}
    reports = [*reports, *(FileReport(places[path].path, text=text, before=text) for path, text in texts.items())]
    return [_with_evidence(report, evidence, places) for report in reports]


def _with_evidence(
    report: FileReport, evidence: Mapping[str, CallerEvidence], places: Mapping[str, InputFile]
) -> FileReport:
    from keraslint.engine.cross_file import merged
    from keraslint.noqa import not_suppressed

    shown, select = evidence.get(absolute(report.path)), places[absolute(report.path)].selection
    if shown is None or shown.document.text != report.text:
        return report
    document = replace(shown.document, path=report.path)
    wanted = [replace(one, filename=report.path) for one in merged(report.diagnostics, shown) if one.code in select]
    kept = not_suppressed(document, wanted)
    settings = places[absolute(report.path)].settings
    if settings.baseline is not None:
        from keraslint.engine.baseline import without_known

        added = [one for one in kept if one not in report.diagnostics]
        new, known = without_known(settings, document, added)
        kept = [one for one in kept if one not in added or one in new]
        report = replace(report, known=report.known + known)
    return replace(report, diagnostics=tuple(in_order(kept)))


class _Read(NamedTuple):
    """A file after a look at its bytes.

    python: the file if its Python could matter, the report if it can't be read, else None. pins: True if it may declare
    Keras as a dependency.
    """

    found: InputFile
    python: InputFile | FileReport | None
    pins: bool


def _prefiltered(found: InputFile) -> _Read:
    try:
        data = read_bytes(found.path)
    except OSError as error:
        return _Read(found, unreadable(found.path, error), pins=False)
    matters = is_python(found.path) and (_may_matter(found.path, data) or _may_name_unused(found, data))
    if not matters and is_notebook(found.path) and _is_cut_off(data):
        from keraslint.engine.named import not_python

        return _Read(found, FileReport(found.path, unread=not_python(found, data)), pins=False)
    return _Read(found, found if matters else None, may_ask_for_keras(found.path, data))


def _may_matter(path: str, data: bytes) -> bool:
    """Return True if a file may compile or train a model, or names Keras and builds one.

    In a notebook, nearly all of which may be outputs, the patterns for scripts would take longer than reading it.
    """
    from keraslint.analysis.prefilter import may_build, may_matter, may_train, mentions_keras

    if is_utf16(data):  # Python and Jupyter refuse it: the check says so
        return True
    if is_notebook(path):
        if b"compile" in data or mentions_keras(data):
            return True
        return b"import" in data and any(name in data for name in (b".fit", b".eval", b"_on_batch"))
    return may_matter(data) or may_train(data) or may_build(data)


def _is_cut_off(data: bytes) -> bool:
    """Return True if the end of a notebook is missing: what was there is not known."""
    return data.lstrip()[:1] == b"{" and data.rstrip()[-1:] != b"}"


def _may_name_unused(found: InputFile, data: bytes) -> bool:
    lower = data.lower()
    if b"noqa" not in lower or b"ker" not in lower:  # spares an import for most files
        return False
    from keraslint.noqa import may_name_our_codes
    from keraslint.rules.registry import rules_in

    return may_name_our_codes(data) and any(rule.reads_comments for rule in rules_in(found.selection))


def _spread(
    work: Callable[[Sequence[_Item]], Iterator[FileReport]], items: Sequence[_Item], jobs: int, fixing: Fixing | None
) -> Iterator[FileReport]:
    """The reports that ``work`` makes of the items, in several processes."""
    from keraslint.engine.pool import Died, spread

    before = {item.path: _state(item.path) for item in items} if fixing is not None and fixing.write else {}
    for item, report in spread(work, items, jobs):
        yield _once_more(work, item, report, before) if isinstance(report, Died) else report


def _once_more(
    work: Callable[[Sequence[_Item]], Iterator[FileReport]], item: _Item, died: Died, before: Mapping[str, object]
) -> FileReport:
    """The report on a file whose process died: that of another try, alone in a process, unless the file was changed."""
    from keraslint.engine.pool import Died, spread

    first = _dead(item.path, died, before)
    if item.path in before and _state(item.path) != before[item.path]:
        return first
    ((_, again),) = spread(work, [item], 1)
    return _dead(item.path, again, before, ", and so did another one") if isinstance(again, Died) else again


def _dead(path: str, died: Died, before: Mapping[str, object], more: str = "") -> FileReport:
    """The report on a file whose process died, after its unfinished copy was removed."""
    said = f"internal error: the process that checked it died{more}: it {died.how}"
    if path in before:
        from keraslint.files.write import remove_unfinished

        remove_unfinished(path, died.process)
        if _state(path) != before[path]:
            said += ", after it had changed the file"
    return FileReport(path, error=said)


def _state(path: str) -> object:
    """The identity of a file as it was before it is written; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _check_in_process(files: Sequence[InputFile], fixing: Fixing | None, bounds: Bounds) -> Iterator[FileReport]:
    """The reports of files, in a process that ends where a single step takes all too long."""
    from keraslint.engine.bounds_of_process import ended_after

    checked = _check_chunk(files, fixing, bounds, waits=True)
    for _ in files:
        with ended_after(bounds.seconds * _PATIENCE):
            report = next(checked)
        yield replace(report, facts=None)


def _check_chunk(
    files: Sequence[InputFile], fixing: Fixing | None, bounds: Bounds, *, waits: bool
) -> Iterator[FileReport]:
    from keraslint.engine.bounds_of_process import bounded_memory

    checker = Checker(fixing, source_only=True, waits_for_callers=waits, bounds=bounds)
    for found in files:
        with bounded_memory(bounds.megabytes), timed_file(found.path):
            report = checker.check_file(found)
        yield report if report.shows else replace(report, facts=None)
