"""Newer syntax becomes older syntax of the same length, whose value is the same or nobody's to know."""

import ast
import re
import string
import sys

import pytest

from keraslint.newer_syntax.read import readable

OLDEST = (3, 10)


def older(text: str, python: tuple[int, int] = OLDEST) -> str:
    """The text in older syntax, with every row as long as it was."""
    result = readable(text, SyntaxError("invalid syntax", (None, 1, 1, text)), python)
    ast.parse(result)
    assert widths(result) == widths(text)
    return result


def widths(text: str) -> list[int]:
    return [len(line.encode()) for line in re.split(r"\r\n|\r|\n", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f[T](x: T) -> T: return x.T", "def f(   x: T) -> T: return x.T"),
        ('def f[T: (int, "a](") = int, **P](x): pass', f"def f({' ' * 28}x): pass"),
        ("class C[T]: pass", "class C( ): pass"),
        ("class T: pass\ndef f[T](x): pass", "class T: pass\ndef f(   x): pass"),  # nothing in it is called T
        ("class C[T](B): pass", "class C(   B): pass"),
        ("def f[\n T, # [\n *Ts\n] \\\n (x): pass", "def f(\n       \n    \n   \n  x): pass"),
        ("type X = int", "(X)=(a     )"),
        ("type Xé[T] = (\n int |\n T); y = 3", "(Xé)=(a       \n      \n  ); y = 3"),
        ("type \\\nLongName = int", "(     \nLongName)=(a )"),
        ("lazy import keras.layers", "import      keras.layers"),
        ("lazy from keras import layers", "from      keras import layers"),
        ("lazy import helper", "if a:import helper"),
        ("lazy from .b import c", "if a:from .b import c"),
        ("[*x for x in y]", "a(x for x in y)"),
        ("{ *x for x in y}", "a( x for x in y)"),
        ("(*x for x in y)", "a(x for x in y)"),
        ("{**d for d in ds}", "a( d for d in ds)"),
        ("try: pass\nexcept A, b.B,: pass", "try: pass\nexcept A| b.B : pass"),
        ("try: pass\nexcept* A, B: pass", "try: pass\nexcept  A| B: pass"),
        ("a[*b]", "a[~b]"),
        ("def f(*a: *T): pass", "def f(*a:  T): pass"),
        ('t"{x}"', "a[ x,]"),
        ('t""', "(a)"),
        ('t"abc"', "a[100]"),
        ('rt"b{x!r:>{w}}"', "a[10,x,100,w,1]"),
    ],
)
def test_a_construct_in_older_syntax(text: str, expected: str) -> None:
    assert older(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('f"{x["a"]}"', "f\"{x['a']}\""),
        ('f"é{x["a"]!r:>{y["b"]}}"', "f\"é{x['a']!r:>{y['b']}}\""),
        ('"a" f"{x["b"]}" "c"', '"a" f"{x[\'b\']}" "c"'),
        ('f"{f"{x}"}"', "f\"{f'{x}'}\""),
        ('f"{x["a"]=}"', 'a[ x["a"],1]'),
        ('f"{x["it\'s"]}"', 'a[ x["it\'s"],]'),
        ('f"{"\\n".join(x)}_b"', 'a[ "\\n".join(x),10]'),
        ('f"{\n x # c\n}"', "a[ \n x,   \n ]"),
        ('f"{f"{f"{x}"}"}"', "a[ f\"{f'{x}'}\",]"),
        ('f"""{x["""a"""]}\n\n {y}"""', 'a[   x["""a"""],\n\n1,y,  ]'),
    ],
)
def test_a_formatted_text_in_older_syntax(text: str, expected: str) -> None:
    assert older(text) == (text if sys.version_info >= (3, 12) else expected)


@pytest.mark.parametrize("pair", [('t"a{x}"', 't"b{x}"'), ('t"{x}a"', 't"{x}b"'), ('t"{x}-{y}"', 't"{x}+{y}"')])
def test_different_words_stay_different(pair: tuple[str, str]) -> None:
    one, other = older("\n".join(pair)).splitlines()
    assert one != other
    one, other = older("\n".join(pair[:1] * 2)).splitlines()
    assert one == other


def test_texts_over_several_lines_stay_one_argument() -> None:
    call = ast.parse(older('f(f"{"\\n".join(x)}"\n    f"{"a"}")')).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    assert len(call.value.args) == 1


def test_a_long_run_of_number_signs_in_a_text_takes_no_time() -> None:
    text = 'z = f"""{"\\n".join(a)} {{ ' + "#" * 400 + '\n text {b}"""'
    assert older(text) != text


def test_what_an_older_python_reads_stays_as_it_is() -> None:
    text = "type X = int\ndef f[T = int](x): pass\nclass C[T]: pass\ntry: pass\nexcept A, B: pass\n[*x for x in y]\n"
    expected = (
        text.replace("[T = int](", "(         ").replace("A, B", "A| B").replace("[*x for x in y]", "a(x for x in y)")
    )
    assert readable(text, SyntaxError(), (3, 12)) == expected
    assert readable(text, SyntaxError(), (3, 15)) == text


@pytest.mark.parametrize(
    "text",
    [
        "type = 3\ntype(x)\nlazy = 3\nlazy(x)\nmatch = case = 1\n",
        "x = 1\r\ndef f():\r\n\treturn f'{x}'\r\n",
        "\x0cx = 1\n\x0c\nif x:\n\x0c    y = '\x0c'\n",
        "x = 1\ry = 2\r",
    ],
)
def test_older_syntax_stays_as_it_is(text: str) -> None:
    text += "# lazy"
    assert older(text) == text


def test_a_text_without_anything_newer_is_not_given_to_libcst() -> None:
    error = SyntaxError()
    with pytest.raises(SyntaxError) as raised:
        readable("x = 1\n", error, OLDEST)
    assert raised.value is error


def test_line_ends_tabs_and_form_feeds_stay_in_place() -> None:
    text = "\x0cclass C[T]:\r\n\ttype X = (\r\n\x0cint)\r\n\x0c\ty = t'{C[\r\n1]}'\r\n"
    assert older(text) == "\x0cclass C( ):\r\n\t(X)=(a    \r\n\x0c   )\r\n\x0c\ty = a[ C[\r\n1],]\r\n"
    assert older("if x:\r type X = 1\r") == "if x:\r (X)=(a   )\r"


def test_the_names_for_unknown_values_stand_for_nothing_else() -> None:
    letters = [f"{letter} = 1" for letter in string.ascii_lowercase]
    text = "\n".join([*letters, "def f[T, Te](x: T): T.Te(T=Te)", "t'{T}'"])
    assert older(text).splitlines()[-2:] == ["def f(       x: T): T.Te(T=Te)", "A[ T,]"]
    with pytest.raises(SyntaxError):
        older("\n".join([*(f"{letter} = 1" for letter in string.ascii_letters), "t'{T}'"]))


@pytest.mark.parametrize(
    "text",
    [
        "f(*x for x in y)",  # the parentheses are those of the call
        "x = [\n *g(x) for x in y\n]",  # no room for a call on the first line, and one in it must run
        "losses = 1\ndef f[losses](): return losses",  # without its parameter the name is another
        "def f[T](T): return T",
        "def f[T]():\n    global T",
        "def f[T](): from helper import T",
        "from helper import *\ndef f[T](): return T",
        "from helper import *\ntype X = int",  # the name for what is not known may be bound
        "lazy import helper; x = 1",  # the statement after it must run
        "if x: lazy import helper",
        'def f[T]():\n    return"a" t"{x}"',  # a name would be one word with what stands before it
        "def f[T](",
        "x = 1\n" * 100_000,
        "x = " + "(" * 5_000,
        "x = " + "[" * 5_000 + "]" * 5_000,
        "x = " + "-" * 50_000 + "1",
        "x = a" + ".b" * 50_000,
        "if x:\n pass\n" + "elif x:\n pass\n" * 50_000,
        "x = 1 +\n" * 4,
        'x = f"' + "{" * 3_000,
    ],
)
def test_what_cannot_be_read_is_the_error_that_python_has(text: str) -> None:
    error = SyntaxError("as Python says", (None, 10_000_000, 1, None))
    with pytest.raises(SyntaxError) as raised:
        ast.parse(readable(text, error, OLDEST))
    assert raised.value is error or sys.version_info >= (3, 15)


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("def f[T](x): pass\nfoo(a b)\n", 2, 5),
        ("type X = int\nclass A:\n  def f(self):\n    z = t'{x}'\n    return (1 2)\n  x = 1\n", 5, 13),
        ("lazy import x\nfor x in y\n  pass\n", 2, 11),
        ("lazy import x\nx = (1,\ny = 2\n", 2, 5),
    ],
)
def test_a_fault_after_newer_syntax_is_reported_where_it_is(text: str, row: int, column: int) -> None:
    with pytest.raises(SyntaxError) as raised:
        readable(text, SyntaxError("invalid syntax", (None, 1, 1, text)), OLDEST)
    assert (raised.value.lineno, raised.value.offset) == (row, column)
