"""``--write-baseline`` and ``--add-noqa``: all findings of now are accepted, so that only new ones are reported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from keraslint.commands.parsers import warn
from keraslint.config.settings import ConfigError, Settings
from keraslint.diagnostic import Diagnostic, Severity
from keraslint.document import Document
from keraslint.engine.baseline import FILE_NAME, Baseline, Known, baseline_of, known_in
from keraslint.engine.discovery import InputFile
from keraslint.engine.reports import FileReport
from keraslint.files.dependency_names import is_python
from keraslint.files.paths import display
from keraslint.notebook.places import CellIndex, is_notebook
from keraslint.words import one_line


def without_baseline(found: Sequence[InputFile]) -> list[InputFile]:
    """The files with settings that name no baseline, so that all that is wrong in them is found."""
    changed = {id(item.settings): _without_baseline(item.settings) for item in found}
    return [replace(item, settings=changed[id(item.settings)]) for item in found]


def _without_baseline(settings: Settings) -> Settings:
    command, file = (replace(each, baseline=None) for each in (settings.command, settings.file))
    return replace(settings, command=command, file=file)


def write_baselines(found: Sequence[InputFile], reports: Iterable[FileReport], args: argparse.Namespace) -> None:
    """Write the baseline that the settings of each file name, by default one in the current folder.

    It keeps what it knows of files that were not checked in this run and are still there. Raises ConfigError.
    """
    by_path = {report.path: report for report in reports}
    groups: dict[str, list[InputFile]] = {}
    for item in found:
        groups.setdefault(item.settings.baseline or str(Path.cwd() / FILE_NAME), []).append(item)
    for path, items in groups.items():
        before = _before(path, items[0].settings)
        files: dict[str, Known] = {
            name: known for name, known in before.files.items() if (before.path.parent / name).is_file()
        }
        for item in items:
            report = by_path.get(item.path, FileReport(item.path))
            files[before.name_of(item.path)] = known_in(Document(item.path, report.text), report.diagnostics)
        try:
            Path(path).write_text(replace(before, files=files).text(), encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"baseline: {path}: not written: {error.strerror}") from error
        _say_written(path, sum(sum(known.values()) for known in files.values()), items[0].settings, args)


def _before(path: str, settings: Settings) -> Baseline:
    """The baseline that is there; an empty one where there is none, or what is there is none."""
    try:
        return (baseline_of(settings) if Path(path).exists() else None) or Baseline(Path(path))
    except ConfigError:
        return Baseline(Path(path))


def _say_written(path: str, count: int, settings: Settings, args: argparse.Namespace) -> None:
    if args.quiet:
        return
    shown = one_line(display(path, Path.cwd()))
    use = "" if settings.baseline else f"; to use it, set `baseline = {FILE_NAME!r}` in the configuration"
    print(f"Wrote {count} finding{'' if count == 1 else 's'} to {shown}{use}", file=sys.stderr)


def add_noqa(reports: Sequence[FileReport], args: argparse.Namespace) -> bool:
    """Suppress each finding by a comment on its line; return True if a file could not be written.

    A finding that gets no comment, as in a JSON file, is named in a warning.
    """
    added, failed = 0, False
    for report in reports:
        wanted = [item for item in report.diagnostics if item.severity is not Severity.NOTE]
        if not wanted or report.error is not None:
            continue
        try:
            done, left = _commented(report.path, wanted)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            print(f"error: {one_line(report.path)}: no comment added: {reason}", file=sys.stderr)
            failed = True
            continue
        added += done
        for said in left:
            warn(f"{one_line(report.path)}:{said}", args)
    if not args.quiet:
        print(f"Added {added} noqa comment{'' if added == 1 else 's'}.", file=sys.stderr)
    return failed


def _left(document: Document, item: Diagnostic) -> str:
    """The place of a finding that got no comment, and what suppresses it instead."""
    path, row = document.path, item.span.start.row
    place = CellIndex(document.text).place(row) if is_notebook(path) else str(row)
    return f"{place}: no comment was added for {item.code}; {_instead(path, document.lines[row - 1])}"


def _instead(path: str, line: str) -> str:
    if is_python(path) and line.lstrip().startswith(("%", "!")):
        return "not every shell takes it for a comment: write `# noqa` there if yours does, or use per-file-ignores"
    if is_python(path):
        return "its lines take none: write `# noqa` on another line of the call, or use per-file-ignores"
    return "a file of this kind may hold none at the line: use per-file-ignores"


def _commented(path: str, found: Sequence[Diagnostic]) -> tuple[int, list[str]]:
    """Write a file with comments for findings in it: how many lines have one more, and what is said of those without.

    Raises OSError and UndecodableSource.
    """
    from keraslint.engine.opening import opened
    from keraslint.files.regular import read_bytes
    from keraslint.files.write import write_whole
    from keraslint.fixes.apply import edited
    from keraslint.fixes.noqa_comment import noqa_edit
    from keraslint.noqa import not_suppressed

    data = read_bytes(path)
    before = document = opened(path, data)
    left = []
    for item in found:
        if not not_suppressed(document, [item], python=is_python(path)):
            continue  # the comment of another finding does
        edit = noqa_edit(document, item)
        if edit is None:
            left.append(_left(document, item))
        else:
            document = replace(document, text=edited(document, [edit]))
    if document.text != before.text:
        write_whole(path, before.encode(document.text), data)
    pairs = zip(before.lines, document.lines, strict=True)
    return sum(old != new for old, new in pairs), left
