"""The plugin for flake8: its select, ignore and noqa decide; the project's pins are found as the command finds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from keraslint.import_path import ProjectLeftOut

with ProjectLeftOut():
    from keraslint.analysis.prefilter import has_candidate, may_matter, may_train

# Every flake8 run pays for these imports; all but ``detection`` are loaded by flake8 itself.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import ClassVar

    from keraslint.config.find import ConfigFinder
    from keraslint.engine.checker import Checker

Finding = tuple[int, int, str, type]


class Plugin:
    """One file under flake8. Pins and configuration are read once for each process.

    flake8 asks for ``tree``, ``filename`` and ``lines`` by these names. It suppresses by the comment on the reported
    row; comments on the other rows of an argument, which it does not look at, are obeyed here.
    """

    _selected: ClassVar[frozenset[str]] = frozenset()
    _obey_comments: ClassVar[bool] = True
    _shared: ClassVar[tuple[Checker, ConfigFinder] | None] = None

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Keep the codes that are selected by name: with any ``ignore`` flake8 turns on what is off by default."""
        chosen = (*(options.select or ()), *(options.extend_select or ()))
        cls._selected = frozenset(code for code in chosen if re.fullmatch(r"KER\d{3}", code))
        cls._obey_comments = not options.disable_noqa
        cls._shared = None

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str]) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines

    def run(self) -> Iterator[Finding]:
        """The findings: row, 0-based column, code and message.

        Raises flake8's ExecutionError for a configuration of keraslint that can't be used.
        """
        with ProjectLeftOut():
            return iter(self._found())

    def _found(self) -> list[Finding]:
        if not self._is_worth_it():
            return []
        from keraslint.config.settings import ConfigError

        try:
            return list(self._findings())
        except ConfigError as error:
            from flake8.exceptions import ExecutionError

            raise ExecutionError(str(error)) from error

    def _is_worth_it(self) -> bool:
        if self._selected and any("noqa" in line.lower() for line in self._lines):
            from keraslint.rules.registry import ALL_RULES

            if any(rule.reads_comments and rule.code in self._selected for rule in ALL_RULES):
                return True
        data = "".join(self._lines).encode("utf-8", "surrogatepass")
        return may_train(data) or (may_matter(data) and has_candidate(self._tree))

    def _findings(self) -> Iterator[Finding]:
        from pathlib import Path

        from keraslint.diagnostic import Severity
        from keraslint.document import Document
        from keraslint.engine.discovery import InputFile
        from keraslint.rules.unparsable_source import UnparsableSource
        from keraslint.words import one_line

        checker, finder = self._tools()
        settings = finder.settings(Path.cwd().joinpath(self._filename).parent)
        document = Document(self._filename, "".join(self._lines))
        report = checker.check(document, InputFile(self._filename, settings))
        if report.error is not None:
            yield 1, 0, f"{UnparsableSource.code} not checked: {one_line(report.error)}", type(self)
        for item in report.diagnostics:
            if item.severity is Severity.NOTE and item.code not in self._selected:
                continue  # flake8 has no severities: a note would fail its run
            start = item.span.start
            yield start.row, start.column - 1, f"{item.code} {one_line(item.message)}", type(self)

    @classmethod
    def _tools(cls) -> tuple[Checker, ConfigFinder]:
        from pathlib import Path

        from keraslint.config.find import ConfigFinder
        from keraslint.diagnostic import Selection
        from keraslint.engine.checker import Checker
        from keraslint.rules.registry import ALL_RULES

        if cls._shared is None:
            on = frozenset(rule.code for rule in ALL_RULES if not rule.opt_in or rule.code in cls._selected)
            select = Selection(on, cls._selected)
            cls._shared = (
                Checker(select=select, obey_comments=cls._obey_comments, source_only=True),
                ConfigFinder(Path.cwd()),
            )
        return cls._shared
