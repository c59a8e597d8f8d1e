"""A dict display as the text of a tuple: values in a given order, each with its comments, in the same layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

from keraslint.document import Document
from keraslint.noqa import comments

# A comment on its own line that changes how a tool treats the lines after it, up to another such comment.
_DIRECTIVE = re.compile(r"#\s*(?:fmt|yapf|autopep8|ruff|black|pylint|mypy|isort)\s*:")


@dataclass(frozen=True, slots=True)
class _Gap:
    """The text between two values: a comment that belongs to the one before, lines that belong to the next.

    ``before``, ``newline`` and ``indent`` are the layout, which stays where it is.
    """

    before: str
    comment: str
    newline: str
    lines: str
    indent: str

    def text(self, comment: str, lines: str) -> str:
        """The gap with another comment and other lines in it."""
        return self.before + comment + self.newline + lines + self.indent


def tuple_text(
    source: str, order: Sequence[int], change: Mapping[int, Callable[[str], str]], appended: Mapping[int, str]
) -> str | None:
    """The tuple that a dict display or ``dict(...)`` call becomes; None where a comment would be lost.

    source: the expression. order: for each item of the tuple the number of the value in the display; a number
    that the display does not have stands for a text in ``appended``. change: what to do to a value's text.
    """
    # LibCST may write a part of a text with other line ends.
    newlines = re.findall(r"\r\n|\r|\n", source)
    if len(set(newlines)) > 1:
        return None  # a line would end otherwise than it does
    plain = re.sub(r"\r\n?", "\n", source)
    parts = _parts(plain)
    text = None if parts is None else _arranged(*parts, order, change, appended)
    if text is None or _comments(text) != _comments(plain):
        return None
    return text.replace("\n", newlines[0]) if newlines else text


def _comments(text: str) -> Counter[str]:
    return Counter(comment for _, _, comment in comments(Document("", f"(\n{text}\n)")))


def _arranged(
    values: list[str],
    gaps: list[_Gap],
    comma: bool,
    order: Sequence[int],
    change: Mapping[int, Callable[[str], str]],
    appended: Mapping[int, str],
) -> str | None:
    texts = [change[i](value) if i in change else value for i, value in enumerate(values)]
    if list(order) == list(range(len(values))):
        return _join(texts, [gap.text(gap.comment, gap.lines) for gap in gaps], comma)
    count = len(values)
    leads, trails = [gap.lines for gap in gaps[:-1]], [gap.comment for gap in gaps[1:]]
    gaps = _stretched(gaps, len(order))
    layout = []
    for place, gap in enumerate(gaps):
        before = order[place - 1] if place else None
        after = order[place] if place < len(order) else None
        comment = gap.comment if before is None else trails[before] if before < count else ""
        lines = gap.lines if after is None else leads[after] if after < count else ""
        if _DIRECTIVE.search(lines):
            return None
        if not gap.newline:  # there a comment would swallow what follows; empty lines may go
            if comment or "#" in lines:
                return None
            lines = ""
        layout.append(gap.text(comment, lines))
    chosen = [texts[number] if number < count else appended[number] for number in order]
    return _join(chosen, layout, comma)


def _stretched(gaps: list[_Gap], items: int) -> list[_Gap]:
    """The layout for more items than the display has: its inner gaps are repeated."""
    inner = gaps[1:-1] or [_Gap(" ", "", "", "", "") if not gaps[0].newline else gaps[0]]
    middle = [inner[min(place, len(inner) - 1)] for place in range(items - 1)]
    return [gaps[0], *middle, gaps[-1]]


def _join(values: Sequence[str], gaps: Sequence[str], comma: bool) -> str:
    text = "(" + gaps[0]
    for place, value in enumerate(values):
        last = place == len(values) - 1
        text += value + ("," if comma or not last or not place else "") + gaps[place + 1]
    return text + ")"


def _parts(source: str) -> tuple[list[str], list[_Gap], bool] | None:
    """The values, the gaps around them and whether a comma ends them; None for another expression."""
    try:
        node = cst.parse_expression(source)
    except cst.ParserSyntaxError:
        return None
    if isinstance(node, cst.Dict):
        items: list[Any] = list(node.elements)
        edges: tuple[cst.CSTNode, cst.CSTNode] = (node.lbrace.whitespace_after, node.rbrace.whitespace_before)
        usable = all(isinstance(item, cst.DictElement) for item in items)
    elif isinstance(node, cst.Call):
        items = list(node.args)
        edges = (node.whitespace_before_args, items[-1].whitespace_after_arg if items else node)
        usable = all(item.keyword is not None and not item.star for item in items)
    else:
        return None
    if not items or not usable:
        return None
    spaces = [edges[0], *(item.comma.whitespace_after for item in items if isinstance(item.comma, cst.Comma))]
    ends_in_comma = isinstance(items[-1].comma, cst.Comma)
    return _assembled([_unwrapped(item.value) for item in items], spaces, ends_in_comma, edges[1])


def _assembled(
    values: list[str], spaces: Sequence[cst.CSTNode], comma: bool, closing: cst.CSTNode
) -> tuple[list[str], list[_Gap], bool] | None:
    gaps = [_gap(space) for space in spaces]
    if comma:
        last = _gap(closing)
        joined = _code(spaces[-1]) + _code(closing)
        if gaps[-1].newline and last.newline:
            return None
        gaps[-1] = gaps[-1] if not _code(closing) else last if not _code(spaces[-1]) else _whole(joined)
    else:
        gaps.append(_gap(closing))
    return (values, gaps, comma) if len(gaps) == len(values) + 1 else None


def _whole(text: str) -> _Gap:
    return _Gap(text, "", "", "", "")


def _gap(space: cst.CSTNode) -> _Gap:
    if isinstance(space, cst.ParenthesizedWhitespace):
        first = space.first_line
        comment = _code(first.whitespace) + first.comment.value if first.comment else ""
        before = "" if first.comment else _code(first.whitespace)
        lines = "".join(_code(line) for line in space.empty_lines)
        return _Gap(before, comment, _code(first.newline), lines, _code(space.last_line))
    return _whole(_code(space))


def _unwrapped(value: cst.BaseExpression) -> str:
    """The text of a value; of a list or tuple with one item, that item: Keras takes both for the same."""
    if isinstance(value, (cst.List, cst.Tuple)) and len(value.elements) == 1:
        only = value.elements[0]
        return _code(only.value) if isinstance(only, cst.Element) else _code(value)
    return _code(value)


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
