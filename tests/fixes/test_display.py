from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keraslint.fixes.display import tuple_text

VALUES = (
    '"mse"',
    "'mae'",
    'r"\\w # no comment"',
    'b"#"',
    'f"{name}#"',
    '"é\N{GRINNING FACE}"',
    '"one" "two"',
    "loss",
    "keras.losses.Huber(delta=0.5)",
    "lambda y, p: keras.ops.mean((y - p) ** 2)",
    "(first := 1)",
    "call(*args, **kwargs)",
    "a if b else c",
    "[x for x in y]",
    "(1, 2)",
    "{'k': [1, 2]}",
    "-1",
    "0.2",
    "not ready",
    "(\n    wide\n)",
    "outer(inner(1, [2, 3]), key={4: 5})",
)
NAMES = ("small", "big", "other", "out_10", "Z")
SPACES = (
    "",
    " ",
    "\t",
    "    ",
    "\n",
    "\n    ",
    "\n\n        ",
    " \\\n  ",
    " # note\n    ",
    "\n    # line\n",
    "  #: x\n\n",
)


@st.composite
def displays(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A dict display or a call of dict, with spaces, line breaks and comments anywhere, and its values' texts."""
    values = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4))
    called = draw(st.booleans())
    count = 0

    def space(*choices: str) -> str:
        nonlocal count
        parts = draw(st.lists(st.sampled_from(choices or SPACES), max_size=2))
        numbered = []
        for part in parts:
            count += 1
            numbered.append(part.replace("# note", f"# note {count}").replace("# line", f'# {count}: it\'s "so"'))
        return "".join(numbered)

    parts = []
    for name, value in zip(NAMES, values, strict=False):
        quote = draw(st.sampled_from(['"', "'"]))
        rare = ("", "", "", " ") if draw(st.integers(0, 3)) else SPACES
        key = name if called else f"{quote}{name}{quote}"
        parts.append(f"{space()}{key}{space(*rare)}{'=' if called else ':'}{space(*rare)}{value}{space(*rare)}")
    comma = draw(st.sampled_from(["", ","]))
    inside = ",".join(parts) + comma + space()
    text = f"dict({inside})" if called else "{" + inside + "}"
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return text.replace("\n", newline), [value.replace("\n", newline) for value in values]


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text.replace("\r\n", "\n")).readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


def dumped(text: str) -> str:
    return ast.dump(ast.parse(f"({text})", mode="eval"))


def rewritten(
    source: str,
    order: Sequence[int],
    change: Mapping[int, Callable[[str], str]] | None = None,
    appended: Mapping[int, str] | None = None,
) -> str | None:
    return tuple_text(source, order, change or {}, appended or {})


@pytest.mark.slow
class TestAnyLayout:
    @settings(deadline=None)
    @given(displays(), st.randoms(use_true_random=False))
    @example(('{"a": 1}', ["1"]), None)
    @example(("dict(a=1, b= # why\n 2)", ["1", "2"]), None)
    @example(("dict # why\n(a=1)", ["1"]), None)
    @example(('{"a": 1,\r\n "b": 2}', ["1", "2"]), None)
    def test_the_values_in_the_wanted_order_and_nothing_lost(self, display, random) -> None:
        source, values = display
        order = list(range(len(values)))
        if random is not None:
            random.shuffle(order)
        result = rewritten(source, order)
        if result is None:
            assert comments(source), "only a comment may be in the way"
            return
        tree = ast.parse(result, mode="eval").body
        assert isinstance(tree, ast.Tuple)
        assert [dumped(ast.unparse(item)) for item in tree.elts] == [
            dumped(ast.unparse(ast.parse(f"({values[place]})", mode="eval"))) for place in order
        ]
        assert comments(result) == comments(source)
        if "\r" in source:
            assert "\n" not in result.replace("\r\n", "")

    @settings(deadline=None)
    @given(displays())
    def test_missing_values_are_added_where_they_belong(self, display) -> None:
        source, values = display
        for place in range(len(values) + 1):
            order = [*range(place), len(values), *range(place, len(values))]
            result = rewritten(source, order, appended={len(values): "1.0"})
            if result is None:
                assert comments(source)
                continue
            tree = ast.parse(result, mode="eval").body
            assert isinstance(tree, ast.Tuple)
            assert ast.unparse(tree.elts[place]) == "1.0"
            assert comments(result) == comments(source)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["kept", "exchanged"])
@pytest.mark.parametrize(
    ("source", "kept", "exchanged"),
    [
        ('{"a": 1, "b": 2}', "(1, 2)", "(2, 1)"),
        ('{ "a": 1, "b": 2 }', "( 1, 2 )", "( 2, 1 )"),
        ("{'a':1,'b':2,}", "(1,2,)", "(2,1,)"),
        ("dict(a=1, b=2)", "(1, 2)", "(2, 1)"),
        ("dict(\n    a=1,\n    b=2,\n)", "(\n    1,\n    2,\n)", "(\n    2,\n    1,\n)"),
        ('{\n\t"a": 1,\n\t"b": 2\n}', "(\n\t1,\n\t2\n)", "(\n\t2,\n\t1\n)"),
        ('{\r\n  "a": 1,\r\n  "b": 2\r\n}', "(\r\n  1,\r\n  2\r\n)", "(\r\n  2,\r\n  1\r\n)"),
        (
            '{  # both\n    "a": 1,  # one\n    # before two\n    "b": 2,  # two\n    # the end\n}',
            "(  # both\n    1,  # one\n    # before two\n    2,  # two\n    # the end\n)",
            "(  # both\n    # before two\n    2,  # two\n    1,  # one\n    # the end\n)",
        ),
        ('{"a": 1,\n "b": 2}', "(1,\n 2)", "(2,\n 1)"),
        ('{"a": 1, \\\n "b": 2}', "(1, \\\n 2)", "(2, \\\n 1)"),
        ('{"a": ["x"], "b": ["y", "z"]}', '("x", ["y", "z"])', '(["y", "z"], "x")'),
        ('{"a": ("x",), "b": [("y")]}', '("x", ("y"))', '(("y"), "x")'),
        ('{"a": f(1,\n  2), "b": 2}', "(f(1,\n  2), 2)", "(2, f(1,\n  2))"),
    ],
)
def test_the_layout_stays(source: str, kept: str, exchanged: str, order: list[int]) -> None:
    assert rewritten(source, order) == (kept if order == [0, 1] else exchanged)


def test_one_value_is_a_tuple_too() -> None:
    assert rewritten('{"a": 1}', [0]) == "(1,)"
    assert rewritten('{\n    "a": 1\n}', [0]) == "(\n    1,\n)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"b": 0.5}', "(1.0, 0.5)"),
        ('{"b": 0.5,}', "(1.0, 0.5,)"),
        ('{\n    "b": 0.5,  # half\n}', "(\n    1.0,\n    0.5,  # half\n)"),
        ('{\n    "b": 0.5\n}', "(\n    1.0,\n    0.5\n)"),
    ],
)
def test_a_missing_value_takes_the_layout_of_the_others(source: str, expected: str) -> None:
    assert rewritten(source, [1, 0], appended={1: "1.0"}) == expected


def test_values_are_changed_before_they_move() -> None:
    assert rewritten('{"a": 1, "b": x}', [1, 0], change={0: lambda text: f"{text}.0"}) == "(x, 1.0)"


@pytest.mark.parametrize(
    "source",
    [
        '{"a": 1, "b"  # the key\n: 2}',
        '{"a": 1,  # one\n "b": 2}',
        '{"a": 1  # one\n, "b": 2}',
        "dict(a=1, b=  # two\n2)",
        "dict(a=1  # one\n, b=2)",
        "dict  # all\n(a=1, b=2)",
        '{"a": ["x"  # one\n], "b": 2}',
    ],
)
def test_nothing_where_a_comment_would_be_lost_or_torn_away(source: str) -> None:
    result = rewritten(source, [1, 0])
    assert result is None or comments(result) == comments(source)


@pytest.mark.parametrize(
    "source",
    [
        '{**more, "a": 1}',
        "dict(**more)",
        "dict(pairs)",
        "dict(*pairs)",
        "losses",
        "{}",
        "dict()",
        "{1, 2}",
        "{k: v for k in x}",
    ],
)
def test_nothing_for_what_is_no_plain_display(source: str) -> None:
    assert rewritten(source, [0]) is None


def test_a_comment_that_tells_a_tool_where_to_stop_is_not_moved() -> None:
    source = '{\n    # fmt: off\n    "a":   1,\n    # fmt: on\n    "b": 2,\n}'
    assert rewritten(source, [1, 0]) is None
    assert rewritten(source, [0, 1]) == "(\n    # fmt: off\n    1,\n    # fmt: on\n    2,\n)"


def test_mixed_line_ends_are_left_alone() -> None:
    assert rewritten('{\r\n  "a": 1,\n  "b": 2\r\n}', [1, 0]) is None
