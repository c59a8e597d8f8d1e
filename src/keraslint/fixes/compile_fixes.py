"""The fixes of a compile call, one for each style that can fix it."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.diagnostic import Fix
from keraslint.document import Document
from keraslint.fixes.safe_compile_style import safe_compile_fix
from keraslint.fixes.tuple_style import tuple_fix


def compile_fixes(document: Document, facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> tuple[Fix, ...]:
    """The fixes for a compile call, given all contexts in which it runs: the default style first."""
    made = tuple_fix(document, facts, contexts)
    return (() if made is None else (made,)) + fixes_by_name(document, facts, contexts)


def fixes_by_name(document: Document, facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> tuple[Fix, ...]:
    """The fixes of a compile call that need neither the order of the outputs nor a loss for each."""
    made = safe_compile_fix(document, facts, contexts)
    return () if made is None else (made,)
