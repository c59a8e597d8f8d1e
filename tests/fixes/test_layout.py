"""A fix writes what it must and nothing else, however a program is laid out."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter

import pytest
from hypothesis import HealthCheck, event, given, settings

from keraslint import check_source
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.fixes.apply import FixedText, apply_fixes

from .layouts import OUTPUTS, Layout, layouts

pytestmark = pytest.mark.slow

IMPORT = "from keraslint.runtime import safe_compile"
MISROUTED = {"KER101", "KER103", "KER104"}

thoroughly = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def found(text: str) -> list[Diagnostic]:
    return check_source(text, "program.py", keras="3.5.0")


def fixed_text(document: Document, style: str) -> FixedText:
    return apply_fixes(document, found(document.text), unsafe=True, style=style, recheck=found)


def offered(text: str, style: str) -> bool:
    return any(fix.style == style for one in found(text) for fix in one.fixes)


def comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
    return Counter(token.string.strip() for token in tokens if token.type == tokenize.COMMENT)


class _WithoutCalls(ast.NodeTransformer):
    """Takes the calls that may be rewritten, and their import, out of a program."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return ast.Constant(name[-7:]) if name in ("compile", "safe_compile", "fit") else self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if [alias.name for alias in node.names] == ["safe_compile"] else node


def elsewhere(text: str) -> str:
    return ast.dump(_WithoutCalls().visit(ast.parse(text)))


def check_common(layout: Layout, document: Document, result: FixedText, style: str) -> None:
    """Check what must hold for a fix of any style."""
    text = result.text
    assert result.refused == ()
    assert elsewhere(text) == elsewhere(document.text)
    assert comments(text) == comments(document.text)
    assert not {one.code for one in found(text)} & MISROUTED
    again = fixed_text(Document("program.py", text), style)
    assert (again.text, again.applied) == (text, ())
    data = document.encode(text)
    assert data.startswith(b"\xef\xbb\xbf") == layout.bom
    assert Document.from_bytes("program.py", data).text == text
    assert {line[len(line.rstrip("\r\n")) :] for line in document.lines} == {layout.newline}


@thoroughly
@given(layouts())
def test_tuples_take_the_place_of_the_displays_and_nothing_else_changes(layout: Layout) -> None:
    document = Document.from_bytes("program.py", layout.data)
    assert document.text == layout.text
    result = fixed_text(document, "tuple")
    event(f"fixed: {bool(result.applied)}")
    if not offered(layout.text, "tuple"):
        assert result.text == layout.text
        assert "#" in "".join(display.text for display in layout.displays) or "flags" in layout.text
        return
    check_common(layout, document, result, "tuple")
    match = layout.as_tuples().fullmatch(result.text)
    assert match is not None
    for display, written in zip(layout.displays, match.groups(), strict=True):
        items = ast.parse(f"({written})", mode="eval").body
        assert isinstance(items, ast.Tuple)
        wanted = [ast.dump(ast.parse(f"({display.values[name]})", mode="eval").body) for name in OUTPUTS]
        assert [ast.dump(item) for item in items.elts] == wanted


@thoroughly
@given(layouts())
def test_safe_compile_takes_the_place_of_compile_and_nothing_else_changes(layout: Layout) -> None:
    document = Document.from_bytes("program.py", layout.data)
    result = fixed_text(document, "safe-compile")
    event(f"fixed: {bool(result.applied)}")
    if not offered(layout.text, "safe-compile"):
        assert result.text == layout.text
        assert layout.function != "model.compile"
        return
    check_common(layout, document, result, "safe-compile")
    line = layout.ends(f"{IMPORT}\n")
    assert result.text.count(line) == 1
    assert layout.as_safe_compile().fullmatch(result.text.replace(line, "")) is not None
