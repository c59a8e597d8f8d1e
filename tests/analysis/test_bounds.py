"""Each bound of the interpreter is reached by a program, and what lies beyond it is unknown, not guessed."""

from __future__ import annotations

import pytest

from keraslint.analysis import analyze
from keraslint.analysis.core import bounds
from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.structure import Named, Unseen
from keraslint.document import Document

HEAD = """\
import keras
inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
"""
COMPILE = 'model.compile("sgd", loss={"small": "mse", "big": "mae"})\n'


def compiles(text: str) -> tuple[CompileCall, ...]:
    return analyze(Document("a.py", text)).compiles


def outputs_known(body: str) -> bool:
    (call,) = compiles(HEAD + body + COMPILE)
    return call.model.outputs is not None


def nested(depth: int) -> str:
    functions = ["def f0():\n    return keras.Model(inputs, [small, big])\n"]
    functions += [f"def f{number}():\n    return f{number - 1}()\n" for number in range(1, depth)]
    return "".join(functions) + f"model = f{depth - 1}()\n"


@pytest.mark.parametrize(
    ("name", "within", "beyond"),
    [
        ("MAX_DEPTH", nested(bounds.MAX_DEPTH), nested(bounds.MAX_DEPTH + 1)),
        (
            "MAX_UNROLL",
            f"n = 0\nfor i in range({bounds.MAX_UNROLL}):\n    n = n + 1\n"
            "model = keras.Model(inputs, [small, big] if n else small)\n",
            f"n = 0\nfor i in range({bounds.MAX_UNROLL + 1}):\n    n = n + 1\n"
            "model = keras.Model(inputs, [small, big] if n else small)\n",
        ),
        (
            "MAX_ITEMS",
            f"x = [{'0, ' * bounds.MAX_ITEMS}]\nmodel = keras.Model(inputs, [small, big] if x else small)\n",
            f"x = [{'0, ' * (bounds.MAX_ITEMS + 1)}]\nmodel = keras.Model(inputs, [small, big] if x else small)\n",
        ),
        (
            "MAX_ALTERNATIVES",
            "".join(
                f"if flag{n}:\n    model = keras.Model(inputs, [small, big])\n" for n in range(bounds.MAX_ALTERNATIVES)
            ),
            "".join(
                f"if flag{n}:\n    model = keras.Model(inputs, [small, big])\n"
                for n in range(bounds.MAX_ALTERNATIVES + 1)
            ),
        ),
        (
            "MAX_TEXT",
            f"t = '%s' % ('x' + '{'y' * (bounds.MAX_TEXT - 1)}')\nx = keras.layers.Dense(1, name=t[:3])(inputs)\n"
            "model = keras.Model(inputs, [x, big])\n",
            f"t = '{'y' * (bounds.MAX_TEXT + 1)}'.upper()\nx = keras.layers.Dense(1, name=t[:3])(inputs)\n"
            "model = keras.Model(inputs, [x, big])\n",
        ),
        (
            "MAX_WIDTH",
            f"x = keras.layers.Dense(1, name='x'.ljust({bounds.MAX_WIDTH})[:1])(inputs)\n"
            "model = keras.Model(inputs, [x, big])\n",
            f"x = keras.layers.Dense(1, name='x'.ljust({bounds.MAX_WIDTH + 1})[:1])(inputs)\n"
            "model = keras.Model(inputs, [x, big])\n",
        ),
        (
            "MAX_BITS",
            f"n = {2 ** (bounds.MAX_BITS - 1) - 1} * 2\n"
            "model = keras.Model(inputs, [small, big] if n > 0 else small)\n",
            f"n = {2 ** (bounds.MAX_BITS - 1)} * 2\nmodel = keras.Model(inputs, [small, big] if n > 0 else small)\n",
        ),
    ],
)
def test_what_lies_beyond_is_unknown(name: str, within: str, beyond: str) -> None:
    assert isinstance(getattr(bounds, name), int)
    assert outputs_known(within)
    assert not outputs_known(beyond)


@pytest.mark.slow
def test_after_the_last_step_nothing_is_observed() -> None:
    steps = "x = 1\n" * bounds.MAX_STEPS
    before, after = HEAD + "model = keras.Model(inputs, [small, big])\n" + COMPILE, "model.fit(1, [2, 3])\n"
    (whole,) = compiles(before + after)
    (cut,) = compiles(before + steps + after)
    assert whole.trainings
    assert not cut.trainings
    assert cut.escapes  # more may follow that was not seen


def test_a_function_that_nothing_calls_has_steps_of_its_own() -> None:
    long = "def long(model):\n" + "    x = 1\n" * bounds.MAX_STEPS_ALONE + "    " + COMPILE
    short = "def short():\n    model = keras.Model(inputs, [small, big])\n    " + COMPILE
    (call,) = compiles(HEAD + long + short)
    assert call.model.outputs is not None


@pytest.mark.slow
def test_too_many_objects_end_the_run() -> None:
    text = HEAD + "model = keras.Model(inputs, [small, big])\n" + COMPILE
    many = "".join(f"x{n} = [" + "[], " * 2_000 + "]\n" for n in range(bounds.MAX_OBJECTS // 2_000 + 1))
    assert len(compiles(text + many + COMPILE)) == 1


def test_too_many_observations_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keraslint.analysis.core.recorder.MAX_OBSERVATIONS", 3)
    assert len(compiles(HEAD + "model = keras.Model(inputs, [small, big])\n" + COMPILE * 5)) == 3


def test_a_long_loss_dict_is_not_seen() -> None:
    entries = ", ".join(f"'k{n}': 'mse'" for n in range(bounds.MAX_ITEMS + 1))
    (call,) = compiles(HEAD + f"model = keras.Model(inputs, [small, big])\nmodel.compile('sgd', loss={{{entries}}})\n")
    assert isinstance(call.loss.structure, Unseen)
    (call,) = compiles(HEAD + "model = keras.Model(inputs, [small, big])\n" + COMPILE)
    assert isinstance(call.loss.structure, Named)


@pytest.mark.parametrize(
    "body",
    [
        "def f(n):\n    return f(n + 1)\nf(0)\n",
        "def f():\n    return g()\ndef g():\n    return f()\nf()\n",
        "def f(x):\n    if x:\n        return f(x)\n    return f(not x) or f(x)\nf(unknown)\n",
        "x = []\nx.append(x)\nfor y in x:\n    x = [x, x]\n",
        "class A(A):\n    pass\nA()\n",
        "class A:\n    def __getattr__(self, n):\n        return getattr(self, n)\nA().x\n",
        "while True:\n    pass\n",
        "d = {}\nd['d'] = d\nd.update(d)\n",
        "f = lambda g: g(g)\nf(f)\n",
        "s = 'ab'\nfor i in range(100):\n    s = s + s\n",
        "x = 10 ** 10 ** 10\n",
        "x = [0] * 10 ** 9\n",
        "x = '%1000000000d' % 1\n",
        "x = f'{1:1000000000}'\n",
        "x = 'a'.ljust(10 ** 9)\n",
        "x = '{:>1000000000}'.format(1)\n",
    ],
)
def test_it_ends(body: str) -> None:
    assert analyze(Document("a.py", HEAD + body)).compiles == ()


@pytest.mark.parametrize(
    "name", ['"head_%d_2024" % 1', '"head_{}_2024".format(1)', 'f"head_{1:03d}_2024"', '"%05.1f" % 2']
)
def test_a_number_in_a_template_is_no_width(name: str) -> None:
    body = f"x = keras.layers.Dense(1, name={name})(inputs)\nmodel = keras.Model(inputs, [x, big])\n"
    (call,) = compiles(HEAD + body + COMPILE)
    assert call.model.outputs is not None
    assert call.model.outputs.names[0] == eval(name), name
