"""The public functions: a text, or paths, to diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.notebook.places import in_cells, is_notebook

if TYPE_CHECKING:
    from keraslint.analysis import Analysis
    from keraslint.config.options import Options
    from keraslint.pins.keras_releases import KerasReleases


_ARGUMENT = "the argument keras"
"""The source of releases that the caller gives, as messages name it."""


class CheckIncomplete(Exception):
    """Some paths could not be checked: those in ``problems``; ``diagnostics`` are those of the others."""

    def __init__(self, problems: Sequence[str], diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
        self.diagnostics = tuple(diagnostics)


def check_source(
    text: str,
    path: str = "<string>",
    keras: str | KerasReleases | None = None,
    select: Iterable[str] | None = None,
) -> list[Diagnostic]:
    """The diagnostics of a source text, in order.

    ``path`` is the name they carry, that of a notebook for the JSON of one. No file is read. ``keras`` are the releases
    to assume, such as "3.5.0" or ">=3.4,<4"; None: nothing is known of them. ``select`` takes selectors such as
    "KER101" or "ALL"; None: the rules that are on by default. Raises ValueError for an invalid ``keras`` or selector.
    """
    from keraslint.config.parse import rule_selector
    from keraslint.config.selection import Layer, chosen
    from keraslint.config.settings import Settings
    from keraslint.engine.checker import Checker
    from keraslint.engine.discovery import InputFile
    from keraslint.pins.given import nothing_said, releases_from_option
    from keraslint.rules.registry import ALL_RULES

    wanted = None if select is None else tuple(map(rule_selector, select))
    if isinstance(keras, str):
        keras = releases_from_option(keras, _ARGUMENT)
    releases = nothing_said() if keras is None else keras
    chosen_rules = chosen([Layer(wanted)], ALL_RULES)
    found = InputFile(path, Settings("", ""))
    if is_notebook(path):
        checker = Checker(select=chosen_rules, keras=releases, alone=True)
        report = checker.check_file(found, text.encode("utf-8", "surrogatepass"))
    else:
        analysis = _analysis(path, text)
        checker = Checker(select=chosen_rules, keras=releases, alone=True, analysis=analysis)
        report = checker.check(analysis.document, found)
    if report.error is not None:
        raise RuntimeError(report.detail or report.error)
    return in_cells(report.diagnostics, lambda _: report.text)


@lru_cache(maxsize=8)
def _analysis(path: str, text: str) -> Analysis:
    """The analysis of a text: whoever asks about it for one release often asks for the next one, too."""
    from keraslint.analysis import Analysis

    return Analysis(Document(path, text))


def check_paths(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    keras: str | None = None,
    jobs: int = 1,
    isolated: bool = False,
) -> list[Diagnostic]:
    """The diagnostics of files and folders (or of one), as ``keraslint check`` finds them by configuration and pins.

    ``keras`` overrides what the project says; ``isolated`` reads no configuration file; ``jobs`` is the
    number of processes. Raises ConfigError (a ValueError); CheckIncomplete for unchecked paths.
    """
    from keraslint.config.find import ConfigFinder
    from keraslint.engine.discovery import discover
    from keraslint.engine.run import check_files

    cwd = Path.cwd()
    finder = ConfigFinder(cwd, _options(keras), isolated=isolated)
    named = [paths] if isinstance(paths, (str, PathLike)) else paths
    found, problems = discover([str(path) for path in named], cwd, finder.settings)
    reports = list(check_files(found, jobs=jobs))
    lines = [f"{problem.path}: {problem.reason}" for problem in problems if problem.fatal]
    lines += [f"{report.path}: {report.error}" for report in reports if report.error is not None]
    texts = {report.path: report.text for report in reports}
    found_there = [diagnostic for report in reports for diagnostic in report.diagnostics]
    diagnostics = in_cells(found_there, texts.__getitem__)
    if lines:
        raise CheckIncomplete(lines, diagnostics)
    return diagnostics


def check_repository(
    files: Mapping[str, bytes], *, keras: str | None = None, isolated: bool = False
) -> list[Diagnostic]:
    """The diagnostics of a repository in memory: those of ``keraslint check`` in a folder with these files.

    ``files`` are all files by path, relative to the root and with slashes; a value is looked up when it is needed, and
    may raise OSError. Nothing is read from the disk, so that an import, a pin or a setting leads to none of its files.
    ``keras`` and ``isolated`` are those of check_paths. Raises ValueError for a path that leads out of the repository,
    ConfigError (a ValueError); CheckIncomplete for files that could not be checked.
    """
    from keraslint.engine.repository import check_in_memory

    report = check_in_memory(files, _options(keras), isolated=isolated)
    lines = [f"{problem.path}: {problem.reason}" for problem in report.problems if problem.fatal]
    if lines:
        raise CheckIncomplete(lines, report.diagnostics)
    return list(report.diagnostics)


def _options(keras: str | None) -> Options:
    """The options that the argument ``keras`` stands for. Raises ConfigError."""
    from keraslint.config.options import Options
    from keraslint.config.parse import keras_version_problem
    from keraslint.config.settings import ConfigError

    if keras is not None and (problem := keras_version_problem(keras)):
        raise ConfigError(problem)
    return Options(keras_version=keras, keras_version_by=_ARGUMENT)
