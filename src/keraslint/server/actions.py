"""Code actions: a quick fix for each style of fix, a suppression comment, and all fixes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lsprotocol import types

from keraslint.diagnostic import Applicability, Diagnostic, Edit
from keraslint.fixes.apply import Recheck, apply_fixes
from keraslint.fixes.noqa_comment import noqa_edit
from keraslint.notebook.places import CellIndex
from keraslint.server.client_result import ClientResult
from keraslint.server.folder import Checked

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.keraslint"
NOTEBOOK_FIX_ALL = f"notebook.{FIX_ALL}"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL, NOTEBOOK_FIX_ALL)


@dataclass(frozen=True)
class Offers:
    """The code actions for one result. Every fix is tried once before it is offered.

    disabled: those that are refused are shown, with the reason.
    """

    shown: ClientResult
    disabled: bool
    _refused: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _all: dict[int | None, list[Edit]] = field(default_factory=dict)

    @property
    def checked(self) -> Checked:
        """The result that they are for."""
        return self.shown.checked

    def actions(
        self, uri: str, wanted: types.Range, only: Sequence[str] | None, recheck: Recheck
    ) -> list[types.CodeAction | types.Command]:
        """The actions for the diagnostics that touch a range of a document, and for all of it.

        ``only``: the kinds to offer.
        """
        cell = self.shown.view.cell(uri)
        ranges = [
            item.range if at.cell == cell else None
            for at, item in zip(self.shown.placed, self.shown.diagnostics, strict=True)
        ]
        touched = [
            index
            for index, place in enumerate(ranges)
            if place and place.start <= wanted.end and wanted.start <= place.end
        ]
        actions: list[types.CodeAction | types.Command] = []
        if _asked_for(types.CodeActionKind.QuickFix, only):
            for index in touched:
                actions += self._fixes(index, recheck)
                actions += self._suppressions(index)
        diagnostics = self.checked.report.diagnostics
        fixes = [fix for index in touched for fix in diagnostics[index].fixes]
        if only is not None or any(self._unsafe or fix.applicability is Applicability.SAFE for fix in fixes):
            actions += self._all_fixes(cell, only, recheck)
        return actions

    def fix_all(self, recheck: Recheck) -> types.WorkspaceEdit | None:
        """The edit by all fixes that the settings allow; None where there are none."""
        edits = self._edits(None, recheck)
        return self.shown.workspace_edit(edits) if edits else None

    def _fixes(self, index: int, recheck: Recheck) -> Iterator[types.CodeAction]:
        diagnostic, preferred = self.shown.placed[index], False
        for number, fix in enumerate(diagnostic.fixes):
            action = types.CodeAction(fix.message, types.CodeActionKind.QuickFix, [self.shown.diagnostics[index]])
            refused = self._refusal(index, number, recheck)
            if refused is None:
                safe = fix.applicability is Applicability.SAFE
                action.edit = self.shown.workspace_edit(fix.edits)
                action.is_preferred = (safe and not preferred) or None
                preferred |= safe
                yield action
            elif self.disabled:
                action.disabled = types.CodeActionDisabled(refused)
                yield action

    def _refusal(self, index: int, number: int, recheck: Recheck) -> str | None:
        if (index, number) not in self._refused:
            fix = self.checked.report.diagnostics[index].fixes[number]
            one = [
                replace(item, fixes=(fix,) if place == index else ())
                for place, item in enumerate(self.checked.report.diagnostics)
            ]
            # The fixes of others are not tried.
            result = apply_fixes(
                self.checked.document,
                one,
                unsafe=True,
                style=fix.style,
                recheck=lambda text: [replace(item, fixes=()) for item in recheck(text)],
            )
            self._refused[index, number] = result.refused[0].reason if result.refused else None
        return self._refused[index, number]

    def _suppressions(self, index: int) -> Iterator[types.CodeAction]:
        diagnostic = self.checked.report.diagnostics[index]
        edit = noqa_edit(self.checked.document, diagnostic)
        if edit is not None:
            title, shown = f"Disable {diagnostic.code} for this line", [self.shown.diagnostics[index]]
            change = self.shown.workspace_edit(self.shown.view.edits([edit]))
            yield types.CodeAction(title, types.CodeActionKind.QuickFix, shown, edit=change)

    def _all_fixes(self, cell: int | None, only: Sequence[str] | None, recheck: Recheck) -> Iterator[types.CodeAction]:
        """All fixes of a document. For a cell: those within it, and those of its notebook.

        Editors ask for the first kind for each cell by itself, and make the edits of all answers.
        """
        rest = "that can be fixed, unsafe fixes included" if self._unsafe else "that can be fixed safely"
        if _asked_for(FIX_ALL, only) and (edits := self._edits(cell, recheck)):
            yield types.CodeAction(f"Fix all {rest} (keraslint)", FIX_ALL, edit=self.shown.workspace_edit(edits))
        if cell is not None and _asked_for(NOTEBOOK_FIX_ALL, only) and (edits := self._edits(None, recheck)):
            title = f"Fix all in this notebook {rest} (keraslint)"
            yield types.CodeAction(title, NOTEBOOK_FIX_ALL, edit=self.shown.workspace_edit(edits))

    @property
    def _unsafe(self) -> bool:
        """True if the settings allow unsafe fixes where all fixes are made at once."""
        return self.checked.settings is not None and self.checked.settings.unsafe_fixes

    def _edits(self, cell: int | None, recheck: Recheck) -> list[Edit]:
        """The edits by all fixes that stay within a cell; without one, by all of them."""
        assert self.checked.settings is not None
        document, diagnostics = self.checked.document, self.checked.report.diagnostics
        if cell not in self._all:
            fixed = apply_fixes(
                document,
                _with_fixes_in(cell, diagnostics, document.text),
                unsafe=self._unsafe,
                style=self.checked.settings.fix_style,
                recheck=lambda text: _with_fixes_in(cell, recheck(text), text),
            )
            self._all[cell] = [] if fixed.text == document.text else self.shown.view.rewritten(fixed.text)
        return self._all[cell]


def _with_fixes_in(cell: int | None, diagnostics: Sequence[Diagnostic], text: str) -> list[Diagnostic]:
    """Diagnostics of a joined text with those of their fixes that edit one cell alone; without one, with all."""
    if cell is None:
        return list(diagnostics)
    index = CellIndex(text)
    return [
        replace(
            item, fixes=tuple(fix for fix in item.fixes if {edit.cell for edit in index.edits(fix.edits)} == {cell})
        )
        for item in diagnostics
    ]


def _asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Return True if a kind is among those wanted, or below one of them: ``source`` includes ``source.fixAll``."""
    return only is None or any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in only)
