"""Code actions: a quick fix for each style of fix, a suppression comment, and all safe fixes at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lsprotocol import types

from keraslint.diagnostic import Applicability, Edit, Fix, Position, Span
from keraslint.document import Document
from keraslint.fixes.apply import Recheck, apply_fixes
from keraslint.fixes.noqa_comment import noqa_edit
from keraslint.report.lsp_format import lsp_range
from keraslint.server.folder import Checked

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.keraslint"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)


@dataclass(frozen=True)
class Offers:
    """The code actions for one result. Every fix is tried once before it is offered.

    shown: the diagnostics as they were sent. refused: why a fix is not offered.
    """

    checked: Checked
    shown: Sequence[types.Diagnostic]
    encoding: str
    versioned: bool
    disabled: bool
    _refused: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _all: list[list[Edit]] = field(default_factory=list)

    def actions(
        self, wanted: types.Range, only: Sequence[str] | None, recheck: Recheck
    ) -> list[types.CodeAction | types.Command]:
        """The actions for the diagnostics that touch a range, and for the whole file. ``only``: kinds to offer."""
        ranges = [(index, item.range) for index, item in enumerate(self.shown)]
        touched = [index for index, place in ranges if place.start <= wanted.end and wanted.start <= place.end]
        actions: list[types.CodeAction | types.Command] = []
        if _asked_for(types.CodeActionKind.QuickFix, only):
            for index in touched:
                actions += self._fixes(index, recheck)
                actions += self._suppressions(index)
        if _asked_for(FIX_ALL, only) and (
            only is not None
            or any(
                fix.applicability is Applicability.SAFE
                for index in touched
                for fix in self.checked.report.diagnostics[index].fixes
            )
        ):
            actions += self._fix_all(recheck)
        return actions

    def _fixes(self, index: int, recheck: Recheck) -> Iterator[types.CodeAction]:
        diagnostic, preferred = self.checked.report.diagnostics[index], False
        for number, fix in enumerate(diagnostic.fixes):
            action = types.CodeAction(fix.message, types.CodeActionKind.QuickFix, [self.shown[index]])
            refused = self._refusal(index, number, fix, recheck)
            if refused is None:
                safe = fix.applicability is Applicability.SAFE
                action.edit = self._edit(fix.edits)
                action.is_preferred = (safe and not preferred) or None
                preferred |= safe
                yield action
            elif self.disabled:
                action.disabled = types.CodeActionDisabled(refused)
                yield action

    def _refusal(self, index: int, number: int, fix: Fix, recheck: Recheck) -> str | None:
        if (index, number) not in self._refused:
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
            title = f"Disable {diagnostic.code} for this line"
            yield types.CodeAction(title, types.CodeActionKind.QuickFix, [self.shown[index]], edit=self._edit([edit]))

    def _fix_all(self, recheck: Recheck) -> Iterator[types.CodeAction]:
        assert self.checked.settings is not None
        document = self.checked.document
        if not self._all:
            style = self.checked.settings.fix_style
            fixed = apply_fixes(document, self.checked.report.diagnostics, unsafe=False, style=style, recheck=recheck)
            self._all.append(differences(document, replace(document, text=fixed.text)))
        if self._all[0]:
            title = "Fix all that can be fixed safely (keraslint)"
            yield types.CodeAction(title, FIX_ALL, edit=self._edit(self._all[0]))

    def _edit(self, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        """The edit of the document; if ``versioned``, the client refuses it if the document has changed since."""
        source, document = self.checked.source, self.checked.document
        texts = [types.TextEdit(as_range(document, edit.span, self.encoding), edit.content) for edit in edits]
        if not self.versioned:
            return types.WorkspaceEdit(changes={source.uri: texts})
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri=source.uri, version=source.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, texts)])


def _asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Return True if a kind is among those wanted, or below one of them: ``source`` includes ``source.fixAll``."""
    return only is None or any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in only)


def as_range(document: Document, span: Span, encoding: str) -> types.Range:
    """The range of a span."""
    said = lsp_range(document, span, encoding)
    return types.Range(types.Position(**said["start"]), types.Position(**said["end"]))


def differences(before: Document, after: Document) -> list[Edit]:
    """The edits that turn one text into another, by whole lines, so that a cursor on other lines stays."""
    matcher = difflib.SequenceMatcher(None, before.lines, after.lines, autojunk=False)
    return [
        Edit(Span(_start(before, first), _start(before, last)), "".join(after.lines[start:end]))
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _start(document: Document, index: int) -> Position:
    """The beginning of a line; past the last one, the end of the text."""
    if index < len(document.lines) or not document.lines or document.lines[-1].endswith(("\n", "\r")):
        return Position(index + 1, 1)
    return Position(len(document.lines), len(document.lines[-1]) + 1)
