"""``keraslint check``: find, report, and fix."""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from keraslint.commands.parsers import check_parser, finder_of, warn
from keraslint.commands.progress import Progress
from keraslint.config.effective import Unmeasured, unmeasured
from keraslint.config.find import ConfigFinder, refuse_empty_environment
from keraslint.config.settings import ConfigError, Settings
from keraslint.diagnostic import Diagnostic, Severity
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile, Problem, discover, is_excluded
from keraslint.engine.opening import opened
from keraslint.engine.reports import FileReport, Fixing
from keraslint.engine.run import check_files
from keraslint.files.paths import display
from keraslint.files.regular import most_bytes
from keraslint.limits import Bounds
from keraslint.notebook.places import CellIndex, in_cells, is_notebook
from keraslint.profile import profiling, timed
from keraslint.report.concise import wants_colour
from keraslint.words import one_line

_TEXT_FORMATS = ("concise", "full")
_CODE = re.compile(r"KER\d+,?", re.IGNORECASE)
_SELECTING = ("select", "extend_select", "ignore", "extend_ignore")
_MOST_NAMED = 50
"""More names are those of a pattern or of another program."""
_FIXES_PINS = "upgrade"
_PASSED = "All checks passed!\n"


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Raises ConfigError."""
    parser = check_parser()
    args = parser.parse_intermixed_args(arguments)
    if not args.profile:
        return _run(parser, args, arguments)
    with profiling() as profile:
        code = _run(parser, args, arguments)
    print("\n".join(map(one_line, profile.lines())), file=sys.stderr)
    return code


def _run(parser: argparse.ArgumentParser, args: argparse.Namespace, arguments: Sequence[str]) -> int:
    gc.set_threshold(50_000, 20, 20)  # a syntax tree has no cycles
    cwd = Path.cwd()
    finder = finder_of(args, cwd)
    settings = _with_output_format(finder.settings(cwd), args)
    if args.stdin_filename is not None and args.paths not in ([], ["-"]):
        parser.error("--stdin-filename goes with the path - and no other")
    if (args.write_baseline or args.add_noqa) and (args.fix or args.diff or _is_stdin(args)):
        parser.error("--write-baseline and --add-noqa go with neither --fix, --diff nor stdin")
    if rules := [text.rstrip(",") for text in args.paths if _is_selector(text, cwd)]:
        option, given = next(((key, said) for key in _SELECTING if (said := getattr(args, key))), ("select", ()))
        several = f"--{option.replace('_', '-')} {','.join([*given, *rules])}"
        parser.error(f"{rules[0]!r} is no path; rules are separated by commas, as in {several}")
    if args.show_files or args.show_settings:
        return _show(args, finder, cwd)
    if args.watch:
        from keraslint.commands.watch import watch

        if args.fix or args.diff or args.write_baseline or args.add_noqa or _is_stdin(args):
            parser.error("--watch goes with no option that changes files, and neither with --diff nor with stdin")
        return watch(arguments, args.paths, settings)
    fixes = args.fix or args.diff
    fixing = Fixing(settings.fix_style, settings.unsafe_fixes, write=not args.diff) if fixes else None
    if _is_stdin(args):
        reports, checked = _check_stdin(args, finder, cwd, fixing)
        failed = False
    else:
        reports, failed, checked = _check_paths(args, finder, cwd, fixing)
    failed |= _say_errors(reports, args)
    checked &= not _say_unmeasured(reports, args)
    if args.add_noqa:
        from keraslint.commands.accept import add_noqa

        failed |= add_noqa(reports, args)
    if args.add_noqa or args.write_baseline:
        return 2 if failed else 0
    complete = checked and not failed and not any(report.ends for report in reports)
    with timed("report"):
        code = _report(reports, args, settings, fixing, complete=complete)
    return 2 if failed else code


def _is_selector(path: str, cwd: Path) -> bool:
    """Return True for the code of a rule, or a beginning of one, that is not the name of a file or folder."""
    return _CODE.fullmatch(path) is not None and not os.path.lexists(cwd / path)


def _with_output_format(settings: Settings, args: argparse.Namespace) -> Settings:
    """The settings with an output format: where none is set, ``full`` for a person at a terminal, else ``concise``."""
    if settings.output_format is not None:
        return settings
    wanted = "full" if args.output_file is None and sys.stdout.isatty() else "concise"
    return replace(settings, command=replace(settings.command, output_format=wanted))


def _show(args: argparse.Namespace, finder: ConfigFinder, cwd: Path) -> int:
    """List the files that would be checked, or print the settings of the first; 2 if a path can't be looked into."""
    from keraslint.commands.show import files, settings

    if _is_stdin(args):
        name = args.stdin_filename or "-"
        found = [InputFile(name, finder.settings((cwd / name).parent))]
        problems: list[Problem] = []
    else:
        found, problems = discover(args.paths or ["."], cwd, finder.settings)
    _say_problems(problems, args)
    if args.show_settings and not found:
        print("error: no file to check", file=sys.stderr)
        return 2
    _write(files(found) if args.show_files else settings(found[0]), args, to_stderr=False)
    return 2 if any(problem.fatal for problem in problems) else 0


def _check_paths(
    args: argparse.Namespace, finder: ConfigFinder, cwd: Path, fixing: Fixing | None
) -> tuple[list[FileReport], bool, bool]:
    """The reports, True if a path could not be checked, and True if there was anything to check."""
    with timed("find the files"):
        found, problems = discover(args.paths or ["."], cwd, finder.settings)
    named = found
    _say_problems(problems, args)
    looked_at = bool(found) and not any(problem.left_out for problem in problems)
    if not found and not problems:
        warn("no Python file, notebook or dependency file to check", args)
    measured = _say_releases({id(item.settings): item.settings for item in found}.values(), args)
    if args.verbose:
        print(f"Checking {len(found)} file{'' if len(found) == 1 else 's'}", file=sys.stderr)
    jobs = 1 if args.profile else args.jobs or os.cpu_count() or 1
    bounds, progress = Bounds(args.file_seconds, args.file_memory), Progress("files", quiet=args.quiet)
    if args.write_baseline:
        from keraslint.commands.accept import without_baseline

        found = without_baseline(found)
    else:
        _read_baselines(found)
    named_unread = _say_not_python(args, cwd, found)
    with progress:
        reports = list(check_files(found, jobs=jobs, fixing=fixing, bounds=bounds, seen=progress.seen))
    if fixing is not None and fixing.write and fixing.style == _FIXES_PINS and any(one.fixed for one in reports):
        reports = _recheck_after_pin_fixes(reports, check_files(found, jobs=jobs, bounds=bounds))
    if args.write_baseline:
        from keraslint.commands.accept import write_baselines

        write_baselines(named, reports, args)
    else:
        _say_gone(found, reports, args)
    unread = dict.fromkeys(report.unread for report in reports if report.unread is not None)
    for line in unread:
        if line not in named_unread:
            warn(line, args)
    looked_at &= measured and not named_unread and not unread
    return reports, any(problem.fatal for problem in problems), looked_at


def _say_not_python(
    args: argparse.Namespace, cwd: Path, found: Sequence[InputFile], data: bytes | None = None
) -> list[str]:
    """Warn of each file that a person named and that is not Python; return what was said.

    ``data`` is the content of the only file. Nothing is said where another program may have handed over the names.
    """
    named = {os.path.normpath(cwd / text) for text in args.paths}
    names = {os.path.basename(path) for path in named}  # noqa: PTH119 - a Path for each of many files is slow
    near = (item for item in found if data is not None or os.path.basename(item.path) in names)  # noqa: PTH119
    asked = [item for item in near if data is not None or os.path.normpath(cwd / item.path) in named]
    asked = [item for item in asked if not item.settings.force_exclude]
    if not asked or len(asked) > _MOST_NAMED:
        return []
    from keraslint.engine.named import not_python

    lines = [said for item in asked if (said := not_python(item, data)) is not None]
    for line in lines:
        warn(line, args)
    return lines


def _read_baselines(found: Iterable[InputFile]) -> None:
    """Read each baseline that is named, so that a wrong one ends the run here. Raises ConfigError."""
    if named := [item.settings for item in found if item.settings.baseline is not None]:
        from keraslint.engine.baseline import baseline_of

        for settings in named:
            baseline_of(settings)


def _say_gone(found: Sequence[InputFile], reports: Iterable[FileReport], args: argparse.Namespace) -> None:
    """Warn of known findings that are not there any more: a new one with their text would be taken for known."""
    other_releases = args.keras_version is not None or args.environment is not None
    if other_releases or not any(item.settings.baseline is not None for item in found):
        return
    from keraslint.engine.baseline import gone

    known = {item.path: Counter[str]() for item in found}
    for report in reports:
        known[report.path] = report.known
        if report.error is not None or report.ends or (report.unmeasured is not None and report.unmeasured.unchecked):
            del known[report.path]
    for path, count in gone(found, known).items():
        many = "1 known finding is" if count == 1 else f"{count} known findings are"
        drop = f"`keraslint check --write-baseline` drops {'it' if count == 1 else 'them'}"
        warn(f"{display(path, Path.cwd())}: {many} not there any more; {drop}", args)


def _recheck_after_pin_fixes(reports: Sequence[FileReport], again: Iterable[FileReport]) -> list[FileReport]:
    """The reports with what is still found now that fixed dependency files allow other releases."""
    left = {report.path: report.diagnostics for report in again}
    return [
        replace(report, diagnostics=now, gone=max(0, len(report.diagnostics) - len(now)))
        for report in reports
        for now in (left.get(report.path, ()),)
    ]


def _say_releases(every: Iterable[Settings], args: argparse.Namespace) -> bool:
    """Warn of configured releases about which nothing is measured; return False if so no call is checked.

    Raises ConfigError for an environment without Keras.
    """
    found: dict[Unmeasured, None] = {}
    for settings in every:
        refuse_empty_environment(settings)
        if (said := unmeasured(settings)) is not None:
            found[said] = None
    for said in found:
        warn(said.line, args)
    return not any(said.unchecked for said in found)


def _say_unmeasured(reports: Iterable[FileReport], args: argparse.Namespace) -> bool:
    """Warn likewise of what the files of projects ask for; return True if so no call of a project is checked."""
    found = dict.fromkeys(report.unmeasured for report in reports if report.unmeasured is not None)
    for said in found:
        warn(said.line, args)
    return any(said.unchecked for said in found)


def _say_problems(problems: Sequence[Problem], args: argparse.Namespace) -> None:
    for problem in problems:
        if problem.fatal:
            print(f"error: {one_line(problem.path)}: {one_line(problem.reason)}", file=sys.stderr)
        else:
            warn(f"{one_line(problem.path)}: {problem.reason}", args)


def _check_stdin(
    args: argparse.Namespace, finder: ConfigFinder, cwd: Path, fixing: Fixing | None
) -> tuple[list[FileReport], bool]:
    """The report on the text on stdin, none where it is excluded, and True if there was anything to check.

    With ``--fix`` its text, fixed or as it was, goes to stdout.
    """
    name = args.stdin_filename or "-"
    path = cwd / name
    settings = finder.settings(path.parent)
    measured = _say_releases([settings], args)
    most = most_bytes(name)
    data = sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        raise ConfigError(f"stdin: it is larger than {most // 1024 // 1024} MB")
    excluded = name != "-" and settings.force_exclude and is_excluded(path, settings)
    fixing = None if fixing is None else Fixing(fixing.style, fixing.unsafe, write=False)
    measured &= excluded or not _say_not_python(args, cwd, [InputFile(name, settings)], data)
    report = FileReport(name) if excluded else Checker(fixing).check_file(InputFile(name, settings), data)
    if args.fix and not args.diff:
        fixed = report.text if report.fixed else None
        sys.stdout.buffer.write(data if fixed is None else opened(name, data).encode(fixed))
        sys.stdout.flush()
    return ([], False) if excluded else ([report], measured)


def _say_errors(reports: Sequence[FileReport], args: argparse.Namespace) -> bool:
    """Print the errors; return True if there were any.

    Print also what was not looked at where its rule is off, and comments that suppress nothing as they are written.
    """
    for report in reports:
        if report.error is not None:
            print(f"error: {one_line(report.path)}: {one_line(report.error)}", file=sys.stderr)
            if args.verbose and report.detail:
                print("\n".join(map(one_line, report.detail.split("\n"))), file=sys.stderr)
        said = [(end.row, str(end)) for end in (() if report.said else report.ends)]
        for row, text in (*said, *report.comments):
            place = CellIndex(report.before).place(row) if is_notebook(report.path) else row
            warn(f"{one_line(report.path)}:{place}: {text}", args)
    return any(report.error is not None for report in reports)


def _report(
    reports: Sequence[FileReport],
    args: argparse.Namespace,
    settings: Settings,
    fixing: Fixing | None,
    *,
    complete: bool,
) -> int:
    """Print what was found and fixed, and return the exit code. ``complete``: all was checked."""
    texts = {report.path: report.text for report in reports}
    remaining = in_cells([diagnostic for report in reports for diagnostic in report.diagnostics], texts.__getitem__)
    fixed = [diagnostic for report in reports for diagnostic in report.fixed]
    text_format = settings.output_format in _TEXT_FORMATS
    # To stderr like everything but findings, so that an empty stdout still means that nothing was found.
    known = sum(report.known.total() for report in reports)
    left_out = f"{known} known finding{' was' if known == 1 else 's were'} left out.\n" if known and text_format else ""
    passed = _PASSED if complete and text_format and not args.diff else ""
    if not remaining and not fixed and text_format and args.output_file is None:
        print("" if args.quiet else passed + left_out, end="", file=sys.stderr)
        return 0
    from keraslint.report import summary

    style, unsafe = settings.fix_style, settings.unsafe_fixes
    notes = summary.fixed_rules(fixed, done=not args.diff) if args.show_fixes else ""
    if args.diff:
        seen, colour = sys.stdout.isatty(), wants_colour(args.color, sys.stdout, os.environ)
        diffs = (summary.diff(report.path, report.before, report.text, to_terminal=seen) for report in reports)
        print("".join(summary.coloured(diff, on=colour) for diff in diffs), end="")
        notes += summary.would_fix(fixed, remaining, style=style, unsafe=unsafe)
    else:
        _write(_rendered(reports, remaining, args, settings), args, to_stderr=args.fix and _is_stdin(args))
        if text_format:
            gone = sum(report.gone for report in reports)
            said = summary.summary(remaining, fixed, fixing=fixing is not None, style=style, unsafe=unsafe, gone=gone)
            notes += (said or passed) + left_out
    if not args.quiet:
        print(notes, end="", file=sys.stderr)
    if args.exit_zero:
        return 0
    if args.diff:
        return int(bool(fixed))
    found = any(item.severity is not Severity.NOTE for item in remaining)
    return int(found or (args.exit_non_zero_on_fix and bool(fixed)))


def _rendered(
    reports: Sequence[FileReport],
    diagnostics: Sequence[Diagnostic],
    args: argparse.Namespace,
    settings: Settings,
) -> str:
    from keraslint.report import render, summary

    style, unsafe = settings.fix_style, settings.unsafe_fixes
    if args.statistics:
        as_json = settings.output_format not in _TEXT_FORMATS
        return summary.statistics(diagnostics, style=style, unsafe=unsafe, as_json=as_json)
    if not diagnostics and settings.output_format in _TEXT_FORMATS:
        return ""
    texts = {report.path: report.text for report in reports}
    colours = args.output_file is None and wants_colour(args.color, sys.stdout, os.environ)
    return render(
        settings.output_format or "concise",
        diagnostics,
        text_of=texts.__getitem__,
        style=style,
        unsafe=unsafe,
        colour=colours,
    )


def _write(text: str, args: argparse.Namespace, *, to_stderr: bool) -> None:
    if args.output_file is None:
        print(text, end="", file=sys.stderr if to_stderr else sys.stdout)
        return
    try:
        # As on stdout: the name of a file may hold bytes that are not text.
        Path(args.output_file).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ConfigError(f"--output-file: {args.output_file}: {error.strerror}") from error


def _is_stdin(args: argparse.Namespace) -> bool:
    return args.stdin_filename is not None or args.paths == ["-"]
