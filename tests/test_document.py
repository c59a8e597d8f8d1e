"""Documents: decoding as Python does, line ends, and positions in characters."""

from __future__ import annotations

import ast
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keraslint.diagnostic import Position, Span
from keraslint.document import Document, UndecodableSource


class TestDecoding:
    @pytest.mark.parametrize(
        ("data", "text", "encoding"),
        [
            (b"x = 1\n", "x = 1\n", "utf-8"),
            ("x = 'ä'\n".encode(), "x = 'ä'\n", "utf-8"),
            ("# coding: latin-1\nx = 'ä'\n".encode("latin-1"), "# coding: latin-1\nx = 'ä'\n", "iso-8859-1"),
            (b"\xef\xbb\xbfx = 1\r\n", "x = 1\r\n", "utf-8"),
            (b"", "", "utf-8"),
        ],
    )
    def test_as_declared(self, data: bytes, text: str, encoding: str) -> None:
        document = Document.from_bytes("a.py", data)
        assert (document.text, document.encoding) == (text, encoding)
        assert document.encode() == data

    @pytest.mark.parametrize("data", [b"x = '\xff'\n", b"# coding: ascii\nx = '\xc3\xa4'\n", b"# coding: nonsense\n"])
    def test_not_as_declared(self, data: bytes) -> None:
        with pytest.raises(UndecodableSource):
            Document.from_bytes("a.py", data)


class TestParsing:
    @pytest.mark.parametrize("text", ["x = " + "-" * 100_000 + "1\n", "x = " + "1+" * 90_000 + "1\n", "(" * 5_000])
    def test_what_is_nested_too_deeply_is_a_syntax_error_or_parses(self, text: str) -> None:
        with contextlib.suppress(SyntaxError):
            assert Document("a.py", text).tree

    def test_null_bytes_raise(self) -> None:
        with pytest.raises((SyntaxError, ValueError)):
            assert Document("a.py", "x = 1\0").tree


class TestPositions:
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_after_characters_of_several_bytes(self, newline: str) -> None:
        text = newline.join(["", "x = '😀ä', {1: 2}", ""])
        document = Document("a.py", text)
        (statement,) = document.tree.body
        assert isinstance(statement, ast.Assign)
        assert isinstance(statement.value, ast.Tuple)
        span = document.span(statement.value.elts[1])
        assert span == Span(Position(2, 11), Position(2, 17))
        assert document.slice(span) == "{1: 2}"
        assert document.newline == newline

    def test_a_form_feed_ends_no_line(self) -> None:
        document = Document("a.py", "\x0cx = 1\n\x0cy = {2}\n")
        statement = document.tree.body[1]
        assert document.slice(document.span(statement)) == "y = {2}"

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n'\\\0"), max_size=8)))
    def test_every_expression_is_found_again(self, texts: list[str]) -> None:
        document = Document("a.py", "\n".join(f"x = '{text}', [{text!r}]" for text in texts) + "\n")
        for statement in document.tree.body:
            assert isinstance(statement, ast.Assign)
            for element in ast.walk(statement.value):
                if isinstance(element, ast.expr):
                    again = ast.parse("(" + document.slice(document.span(element)) + ")", mode="eval").body
                    assert ast.dump(again) == ast.dump(element)
