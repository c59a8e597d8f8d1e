"""A repository in memory to its reports: as a check of a folder with these files, and without a look at the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from keraslint.config.find import ConfigFinder
from keraslint.config.options import Options
from keraslint.diagnostic import Diagnostic
from keraslint.engine.discovery import Problem, discover
from keraslint.engine.run import check_files
from keraslint.files.disk import in_memory
from keraslint.files.paths import display
from keraslint.notebook.places import in_cells


@dataclass(frozen=True, slots=True)
class RepositoryReport:
    """The findings in a repository, the number of files looked at, and what could not be checked."""

    diagnostics: tuple[Diagnostic, ...]
    files: int
    problems: tuple[Problem, ...]


def check_in_memory(
    files: Mapping[str, bytes], options: Options, inline: Options | None = None, *, isolated: bool = False
) -> RepositoryReport:
    """The report on a repository whose files these are, by path; see ``check_repository``.

    options, inline, isolated: as ``ConfigFinder`` takes them. Raises ValueError, ConfigError among them.
    """
    problems: list[Problem] = []
    with in_memory(files) as root:

        def warn(line: str) -> None:
            path, _, reason = line.partition(": ")
            problems.append(Problem(path, reason, fatal=False))

        finder = ConfigFinder(root, options, inline or Options(), isolated=isolated, warn=warn)
        found, unseen = discover(["."], root, finder.settings)
        reports = list(check_files(found))
        texts = {report.path: report.text for report in reports}
        diagnostics = in_cells([one for report in reports for one in report.diagnostics], texts.__getitem__)
        problems += unseen
        problems += (Problem(report.path, report.error) for report in reports if report.error is not None)
        return RepositoryReport(tuple(_relative(one, root) for one in diagnostics), len(found), tuple(problems))


def _relative(one: Diagnostic, root: Path) -> Diagnostic:
    """A finding whose places are all relative to the root, which is nowhere."""
    if one.outputs_place is None:
        return one
    path, row = one.outputs_place
    return replace(one, outputs_place=(display(path, root).replace("\\", "/"), row))
