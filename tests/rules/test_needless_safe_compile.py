"""KER190: when a safe_compile is needless, and what its fix leaves."""

from __future__ import annotations

import pytest

from keraslint import check_source
from keraslint.diagnostic import Applicability, Diagnostic
from keraslint.document import Document
from keraslint.fixes.apply import apply_fixes

IMPORT = "from keraslint.runtime import safe_compile\n"
MODEL = """\
import keras
from keraslint.runtime import safe_compile

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
CALL = 'safe_compile(model, "adam", {"small": "mse", "big": "mae"})\n'
METRICS = CALL.replace("})", '}, metrics={"big": "mse"})')

NAMED = 'from collections import OrderedDict\nnamed = keras.Model(inputs, {"small": small, "big": big})\n'
WEIGHED = (
    NAMED.replace("{", "{{").replace("}", "}}")
    + 'safe_compile(named, "adam", {{"small": "mse", "big": "mae"}}, loss_weights={{"small": {}, "big": 2.0}})\n'
)
MEASURED = NAMED + 'safe_compile(named, "adam", "mse", metrics={"small": "mse", "big": "mae"})\n'


def codes(body: str, keras: str) -> list[str]:
    return [one.code for one in check_source(MODEL + body, "program.py", keras=keras, select=["ALL"])]


@pytest.mark.parametrize(
    ("body", "keras", "needless"),
    [
        (CALL, ">=3.7", True),
        (CALL, "<3.5,>=3", True),
        (CALL, "==3.6.0", False),
        (CALL, ">=3.4", False),
        (CALL + "model.fit(x, [a, b])\n", ">=3.7", True),
        (CALL + 'model.fit(x, {"small": a, "big": b})\n', ">=3.7", True),
        (CALL + 'model.fit(x, {"small": a, "big": b}, sample_weight={"small": v, "big": w})\n', ">=3.7", False),
        (CALL.replace("})", '}, metrics={"big": "mse"})'), ">=3.7", False),
        (CALL.replace("})", '}, metrics={"big": "mse"})'), ">=3.14.1", True),
        (METRICS + "model.fit(x, [a, b])\n", "==3.14.0", True),
        (METRICS + "model.fit(x, [a, b], validation_data=(x, (a, b)))\n", ">=3.7", True),
        (METRICS.replace("metrics", "weighted_metrics") + "model.fit(x, (a, b))\n", ">=3.7", True),
        (METRICS + "model.fit(x, [a, b])\n", "==3.6.0", False),
        (METRICS + "model.fit(x, [a, b], sample_weight=(v, w))\n", "==3.14.0", False),
        (METRICS + 'model.fit(x, {"small": a, "big": b})\n', "==3.14.0", False),
        (METRICS + "model.fit(x, y)\n", "==3.14.0", False),
        (METRICS + 'model.fit(x, [a, b])\nmodel.evaluate(x, {"small": a, "big": b})\n', "==3.14.0", False),
        (METRICS + "train(model)\nmodel.fit(x, [a, b])\n", "==3.14.0", False),
        (METRICS + "train(model)\nmodel.fit(x, [a, b])\n", ">=3.14.1", True),
        ("model = keras.Model(inputs, [big, small])\n" + METRICS, "==3.14.0", True),
        ("model = keras.Model(inputs, [big, small])\n" + METRICS + 'model.fit(x, {"big": b})\n', "==3.14.0", False),
        ('safe_compile(model, "adam", ("mse", "mae"), {"small": 1.0, "big": 2.0})\n', ">=3.7", False),
        ('safe_compile(model, "adam", losses)\n', ">=3.7", False),
        (WEIGHED.format("1.0"), ">=3", True),
        (WEIGHED.format("alpha"), ">=3", False),
        (WEIGHED.format("alpha"), ">=3.7", True),
        (WEIGHED.format("True"), "==3.4.1", False),
        (WEIGHED.format("1"), "==3.4.1", False),
        (WEIGHED.format("1"), ">=3.5", True),
        (WEIGHED.format("1.0").replace("loss_weights={", "loss_weights=weights or {"), ">=3.7", False),
        (
            NAMED + 'safe_compile(named, "adam", {"small": "mse"})\nnamed.fit(x, {"small": a, "big": b})\n',
            "==3.5.0",
            False,
        ),
        (
            NAMED + 'safe_compile(named, "adam", {"small": "mse"})\nnamed.fit(x, {"small": a, "big": b})\n',
            ">=3.6",
            True,
        ),
        (CALL + 'model.fit(x, {"small": a, "big": b}, sample_weight=w)\n', ">=3.7", False),
        (MEASURED + "named.fit(x, OrderedDict(small=a, big=b))\n", "==3.14.0", False),
        (MEASURED + 'named.fit(x, {"small": a, "big": b})\n', "==3.14.0", True),
        (
            MEASURED.replace('{"small": small, "big": big}', "OrderedDict(small=small, big=big)")
            + 'named.fit(x, {"small": a, "big": b})\n',
            "==3.6.0",
            False,
        ),
    ],
)
def test_when(body: str, keras: str, needless: bool) -> None:
    assert codes(body, keras) == (["KER190"] if needless else [])


def test_it_says_where_the_release_comes_from() -> None:
    (found,) = check_source(MODEL + CALL, "program.py", keras="3.15.1", select=["KER190"])
    assert found.message.startswith(
        "model.compile does the same on each Keras that the project allows (the argument keras)"
    )


def test_it_is_off_by_default() -> None:
    assert check_source(MODEL + CALL, "program.py", keras=">=3.7") == []


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (
            'safe_compile(model, "adam", {"small": "mse", "big": "mae"})',
            'model.compile("adam", {"small": "mse", "big": "mae"})',
        ),
        (
            'safe_compile(\n    model,\n    loss={"small": "mse", "big": "mae"},  # why\n)',
            'model.compile(\n    loss={"small": "mse", "big": "mae"},  # why\n)',
        ),
    ],
)
def test_the_fix_takes_the_import_out_and_keeps_the_layout(call: str, wanted: str) -> None:
    def recheck(text: str):
        return check_source(text, "program.py", keras=">=3.7", select=["ALL"])

    def fix_text(text: str) -> str:
        fixed = apply_fixes(Document("program.py", text), recheck(text), unsafe=False, style="tuple", recheck=recheck)
        assert fixed.refused == ()
        return fixed.text

    plain = MODEL.replace("from keraslint.runtime import safe_compile\n", "")
    fit = "model.fit(x, [a, b])"
    assert fix_text(f"{MODEL}{call}\n{fit}\n") == f"{plain}{wanted}\n{fit}\n"
    call, wanted = f"{call}\n{fit}\nother(safe_compile)\n", f"{wanted}\n{fit}\nother(safe_compile)\n"
    assert fix_text(MODEL + call) == MODEL + wanted


@pytest.mark.parametrize(
    ("body", "applicability"),
    [
        (CALL, Applicability.UNSAFE),
        (CALL + "train(model)\nmodel.fit(x, [a, b])\n", Applicability.UNSAFE),
        (CALL + "model.fit(x, [a, b])\n", Applicability.SAFE),
    ],
)
def test_the_fix_is_safe_where_all_training_is_in_view(body: str, applicability: Applicability) -> None:
    (found,) = check_source(MODEL + body, "program.py", keras=">=3.7", select=["ALL"])
    assert [fix.applicability for fix in found.fixes] == [applicability]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (IMPORT, IMPORT + '__all__ = ["safe_compile"]\n'),
        (IMPORT, IMPORT + 'print(globals()["safe_compile"])\n'),
        (IMPORT, IMPORT + "again = safe_compile\n"),
        (IMPORT, "from keraslint.runtime import (\n    safe_compile,  # ours\n)\n"),
        (IMPORT, "from keraslint.runtime import safe_compile  # noqa: I001\n"),
    ],
)
def test_an_import_that_has_another_use_or_a_comment_stays(before: str, after: str) -> None:
    def check(text: str) -> list[Diagnostic]:
        return check_source(text, "program.py", keras=">=3.7", select=["KER190"])

    text = MODEL.replace(before, after) + CALL + "model.fit(x, [a, b])\n"
    result = apply_fixes(Document("program.py", text), check(text), unsafe=False, style="tuple", recheck=check)
    assert result.text == text.replace("safe_compile(model, ", "model.compile(")
