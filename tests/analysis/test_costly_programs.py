"""Programs whose analysis would take a time or a memory that doubles with each row: it ends, rightly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.analysis.core.bounds import MAX_ANCESTORS
from keraslint.analysis.core.forgetting import reached
from keraslint.analysis.core.origins import CallOf, Fresh
from keraslint.analysis.core.values import Const, Ref, Sequence, Unknown, Value, one_of
from keraslint.analysis.core.varying import depends_on_version
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.program import CONSTRUCTS
from keraslint.limits import MAX_SOURCE_WORDS, MAX_TOML_BYTES, too_much_toml

HEAD = """\
import keras
inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
"""
MODEL = "model = keras.Model(inputs, [small, big])\n"
COMPILE = 'model.compile("sgd", loss={"small": "mse", "big": "mae"})\n'
TWICE = "if unseen:\n{0}else:\n{0}"


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def codes(text: str) -> list[str]:
    return [one.code for one in check_source(text, keras="3.5.0", select=["KER001", "KER003", "KER101"])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = unseen()\n" + "a = unseen(a, a)\n" * 60, ["KER101"]),
        (TWICE.format(indented("a = unseen()\n" + "a = unseen(a, a)\n" * 60)), ["KER101"]),
        (TWICE.format(indented("a = unseen\n" + "a = a + a\n" * 60)), ["KER101"]),
        (TWICE.format(indented("a = unseen\n" + "a = (a.b, a.b)[unseen2]\n" * 60)), ["KER101"]),
        ("a = keras.losses.Huber()\n" + "a = keras.losses.Huber(a, a)\n" * 60, ["KER003"]),
        ("a = small\n" + "a = keras.layers.Add()([a, a])\n" * 60, ["KER101"]),
        ("a = [1]\n" + "a = [a, a]\n" * 60 + "b = unseen(a)\n", ["KER101"]),
        ("a = [1]\n" + "a += a\n" * 60, ["KER101"]),
        ("a = (1,)\n" + "a += a\n" * 60, ["KER101"]),
        ("a = [1]\n" + "a.extend(a)\n" * 60, ["KER101"]),
        ("a = 'ab'\n" + "a = a + a\n" * 60, ["KER101"]),
        ("a = {'b': 1}\n" + "a = {'b': a, 'c': a}\n" * 60, ["KER101"]),
    ],
)
def test_values_that_double(text: str, found: list[str]) -> None:
    assert codes(HEAD + text + MODEL + COMPILE) == found


@pytest.mark.parametrize("row", ["a = [a, a]\n", "a = {'small': a, 'big': a}\n"])
def test_losses_that_double(row: str) -> None:
    losses = "a = 'mse'\n" + row * 60 + MODEL + "model.compile('sgd', loss=a)\nmodel.fit(x, a)\n"
    assert codes(HEAD + losses) == []


@pytest.mark.parametrize("head", ["for a{0} in unseen():", "while unseen():", "for a{0} in [b for b in unseen()]:"])
def test_loops_within_each_other(head: str) -> None:
    rows = [f"{'    ' * depth}{head.format(depth)}\n{'    ' * (depth + 1)}count += 1\n" for depth in range(16)]
    assert codes(HEAD + MODEL + "count = 0\n" + "".join(rows) + COMPILE) == ["KER101"]


SECOND_TURN = """\
order, first = [small, big], True
for a in unseen():
    model = keras.Model(inputs, order)
    model.compile("sgd", loss={"small": "mse", "big": "mae"})
    for b in unseen():
        if first:
            first = False
        else:
            order.reverse()
"""


def test_what_only_the_second_turn_of_an_inner_loop_changes() -> None:
    assert codes(HEAD + SECOND_TURN) == []
    assert codes(HEAD + SECOND_TURN.replace("order.reverse()", "order.copy()")) == ["KER101"]


EARLIER_TURN = """\
import outside
order = [small, big]
class Trainer:
    def train(self):
        turn = 0
        while turn < len(order) and turn < 3:
            turn += 1
            def decorate(function):
                def around(*args):
                    return function(*args)
                return around
            @decorate
            def change(*args):
                order.extend(n for n in list(order))
            class Given(outside.Base):
                def configure(self):
                    change()
            Given()
        outside.use()
        model = keras.Model(inputs, order)
        model.compile("sgd", loss={"small": "mse", "big": "mae"})
Trainer().train()
"""


def test_a_function_of_an_earlier_turn_is_called() -> None:
    assert codes(HEAD + EARLIER_TURN) == []


def test_classes_that_share_their_bases() -> None:
    classes = "class C0(keras.Model): pass\nclass C1(C0): pass\n"
    classes += "".join(f"class C{n}(C{n - 1}, C{n - 2}): pass\n" for n in range(2, 60))
    assert codes(HEAD + classes + "model = C59(inputs, [small, big])\n" + COMPILE) == ["KER101"]


@pytest.mark.slow
@pytest.mark.parametrize(("count", "found"), [(300, ["KER101"]), (MAX_ANCESTORS + 10, ["KER003"])])
def test_a_long_line_of_classes(count: int, found: list[str]) -> None:
    classes = "class C0(keras.Model): pass\n" + "".join(f"class C{n}(C{n - 1}, A): pass\n" for n in range(1, count))
    text = HEAD + "class A: pass\n" + classes + f"model = C{count - 1}(inputs, [small, big])\n" + COMPILE
    assert codes(text) == found


@pytest.mark.slow
def test_a_chain_of_elifs() -> None:
    branches = "".join(f"{'el' if n else ''}if u{n}:\n    a = {n}\n" for n in range(1_000))
    assert codes(HEAD + branches + MODEL + COMPILE) == ["KER101"]
    made = "".join(
        f"{'el' if n else ''}if k == {n}:\n    k = {n + 1}\n    outputs = [small, big]\n" for n in range(300)
    )
    assert codes(HEAD + "k = 299\n" + made + "model = keras.Model(inputs, outputs)\n" + COMPILE) == ["KER101"]


@pytest.mark.parametrize(
    "expression",
    [
        "getattr()",
        "setattr()",
        "[1, 2, 3][::0]",
        "(1, 2)[::0]",
        "'ab'[::0]",
        "range(1, 2, 0)",
        f"range({10**30})",
        f"range(-{10**30}, {10**30})",
        f"[].insert({10**30}, 1)",
        f"round(5, -{10**9})",
        f"'%*d' % ({10**9}, 1)",
        f"'{{:{{}}}}'.format(1, {10**9})",
        f"f'{{1:{10**9}}}'",
    ],
)
def test_an_expression_that_raises_or_would_fill_the_memory(expression: str) -> None:
    assert codes(f"{HEAD}a = {expression}\n{MODEL}{COMPILE}") == ["KER101"]
    assert codes(f"{HEAD}a = [1]\ndel a[::0]\na[::0] = [1]\n{MODEL}{COMPILE}") == ["KER101"]


def test_equal_values_made_apart_are_equal_and_large_ones_end_the_analysis() -> None:
    def made(depth: int) -> Sequence:
        value = Sequence((Const(1),))
        for _ in range(depth):
            value = Sequence((value, value))
        return value

    assert made(10) == made(10) != made(9)
    assert hash(made(10)) == hash(made(10))
    assert Unknown("a", CallOf(Const(1), (made(3),))) == Unknown("a", CallOf(Const(1), (made(3),)))
    assert Unknown("a", CallOf(Const(1), (made(10),))) != Unknown("a", CallOf(Const(1), (made(10),)))


def test_of_a_long_chain_of_unknown_values_only_what_holds_an_object_is_looked_through() -> None:
    m = Interpreter(CONSTRUCTS, None)
    held = m.new_list([])

    def chain(start: Value, links: int) -> Unknown:
        value = Unknown("a", CallOf(Const(0), (start,)))
        for number in range(1, links):
            value = Unknown("a", CallOf(Const(number), (value, one_of([Unknown("b", Fresh(number)), value]))))
        return value

    plain, holding = chain(Const(1), 900), chain(held, 9)
    assert reached(m, [plain, m.new_list([plain] * 9), Sequence((plain, Const(1)))]) == [Ref(held.number + 1)]
    assert reached(m, [holding])[0] == holding
    assert held in reached(m, [holding])
    assert not depends_on_version(m, (plain, holding))
    m.tell(held)
    assert depends_on_version(m, (plain, holding))
    assert not depends_on_version(m, plain)
    m.tell(Unknown("b", Fresh(899)))
    assert depends_on_version(m, plain)


def test_dots_in_keys_of_toml() -> None:
    assert too_much_toml("a.b.c = 1\n" * 1_000 + '[a]\nb = ["https://a.b.c.d/e.whl"]\n' * 5_000) is None
    assert too_much_toml("a.b.c = 1\n" * 20_000) is not None
    assert too_much_toml("x = {" + "a.b = 1, " * 30_000 + "}") is not None
    assert too_much_toml("#" * MAX_TOML_BYTES) is None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process by itself")
def test_the_largest_program_takes_less_than_300_megabytes() -> None:
    text = HEAD + "a=1\n" * ((MAX_SOURCE_WORDS - 100) // 2) + MODEL + COMPILE
    script = (
        "import re, sys\nfrom keraslint import check_source\n"
        "print([one.code for one in check_source(sys.stdin.read())])\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())\n"  # not what the parent had
        "print(int(peak[1]) * 1024 < 300_000_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=text, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["['KER003']", "True"]


def test_an_encoding_that_is_for_no_file(tmp_path: Path) -> None:
    for name in ("undefined", "punycode", "idna", "hex", "rot13", "zlib", "nothing"):
        (tmp_path / f"{name}.py").write_text(f"# coding: {name}\nimport keras\nmodel = keras.Model()\n")
    from keraslint import check_paths

    assert {one.code for one in check_paths([tmp_path], isolated=True)} == {"KER001"}
    assert len(check_paths([tmp_path], isolated=True)) == 7
