"""A check that ends early says so: as a note, which fails no run, and which no clean run hides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keraslint.analysis.core import bounds
from keraslint.config.effective import selected
from keraslint.config.settings import Settings
from keraslint.diagnostic import Applicability, Diagnostic, Severity
from keraslint.document import Document
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile
from keraslint.limits import OutOfTime
from keraslint.pins.given import releases_from_option

from ..command import outcome

HEAD = """\
import keras
inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
COMPILE = 'model.compile("sgd", loss={"small": "mse", "big": "mae"})\n'
FIT = "model.fit(x, [a, b])\n"
REPLACED = " is replaced, a part of Keras itself"
EARLY = HEAD + 'exec(open("a.txt").read())\n' + COMPILE


def found(text: str, keras: str = "3.5.0") -> tuple[Diagnostic, ...]:
    settings = Settings("", "")
    checker = Checker(select=selected("a.py", settings), keras=releases_from_option(keras), alone=True)
    return checker.check(Document("a.py", text), InputFile("a.py", settings)).diagnostics


def notes(text: str) -> list[tuple[int, str]]:
    return [(one.span.start.row, one.message) for one in found(text) if one.code == "KER003"]


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        (EARLY, 6, "exec() may do anything"),
        (HEAD + "keras.layers.Dense.call = None\n" + COMPILE, 6, "keras.layers.Dense.call" + REPLACED),
        (HEAD + "keras.Model.compile = lambda *_, **__: None\n" + COMPILE, 6, "keras.Model.compile" + REPLACED),
        (HEAD + "keras.tree.flatten = lambda tree: []\n" + COMPILE, 6, "keras.tree.flatten" + REPLACED),
        (
            HEAD + "from keras.src.trainers import trainer\ntrainer.CompileLoss = int\n" + COMPILE,
            7,
            "keras.trainers.trainer.CompileLoss" + REPLACED,
        ),
        (HEAD + "import keras.src\nkeras.src.losses.get = lambda it: it\n" + COMPILE, 7, "keras.losses.get" + REPLACED),
        (HEAD + "keras.losses.own = lambda y, z: y\n" + COMPILE, 0, ""),
        pytest.param(
            HEAD + "a = 1\n" * bounds.MAX_STEPS + COMPILE,
            bounds.MAX_STEPS - 7,
            "it takes more steps than are followed",
            marks=pytest.mark.slow,
        ),
        (HEAD + "a = ('mse', 'mae')\n" + "a = (a, a)\n" * 20 + COMPILE, 24, "a value holds more than 1,000,000 others"),
        (HEAD + "a = " + " + ".join("x" * 500) + "\n" + COMPILE, 6, "it is nested too deeply"),
        (HEAD + "a = [\n" + "b,\n" * bounds.MAX_ITEMS + "]\n" + COMPILE, 0, ""),
        (HEAD + COMPILE, 0, ""),
    ],
)
def test_where_and_why(text: str, row: int, reason: str) -> None:
    said = notes(text)
    if not reason:
        assert said == []
        return
    ((place, message),) = said
    assert message == f"not looked at from here on: {reason}"
    assert abs(place - row) <= 5 if "steps" in reason else place == row


def test_a_function_that_nothing_calls_has_an_end_of_its_own() -> None:
    body = "".join(f"    {line}\n" for line in (HEAD + "a = 1\n" * bounds.MAX_STEPS_ALONE + COMPILE).splitlines())
    text = "def f(x):\n" + body + HEAD + COMPILE
    assert [row > bounds.MAX_STEPS_ALONE - 10 for row, _ in notes(text)] == [True]
    assert {one.code for one in found(text)} == {"KER003", "KER101"}


def test_a_note_fails_no_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(EARLY)
    code, said, errors = outcome(tmp_path, "check", "--isolated", "a.py")
    assert said == "a.py:6:1: KER003 not looked at from here on: exec() may do anything\n"
    assert (code, errors) == (0, "1 file was not checked to the end.\n")


def test_it_is_in_json(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(EARLY)
    code, said, errors = outcome(tmp_path, "check", "--isolated", "a.py", "--output-format", "json")
    (item,) = json.loads(said)
    assert (item["code"], item["severity"], item["location"]["row"]) == ("KER003", "note", 6)
    assert (code, errors) == (0, "")


@pytest.mark.parametrize("option", ["--extend-ignore=KER003", "--select=KER101"])
def test_without_the_rule_it_is_on_stderr(tmp_path: Path, option: str) -> None:
    (tmp_path / "a.py").write_text(EARLY)
    said = "warning: a.py:6: not looked at from here on: exec() may do anything\n"
    assert outcome(tmp_path, "check", "--isolated", "a.py", option) == (0, "", said)


def test_a_comment_silences_it_but_not_all_checks_passed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(EARLY.replace("read())", "read())  # noqa: KER003"))
    assert outcome(tmp_path, "check", "--isolated", "a.py") == (0, "", "")


def test_other_findings_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEAD + COMPILE + FIT + 'exec(open("a.txt").read())\n')
    code, said, errors = outcome(tmp_path, "check", "--isolated", "a.py", "--keras-version", "3.5.0")
    assert code == 1
    assert [line.split()[1] for line in said.splitlines()] == ["KER101", "KER003"]
    assert errors.startswith("Found 1 error.\n")


def test_no_fix_is_safe() -> None:
    whole = found(HEAD + COMPILE + FIT)
    assert [fix.applicability for one in whole for fix in one.fixes if fix.style == "tuple"] == [Applicability.SAFE]
    early = found(HEAD + COMPILE + FIT + 'exec(open("a.txt").read())\n')
    assert {fix.applicability for one in early for fix in one.fixes} == {Applicability.UNSAFE}
    assert [one.severity for one in early if one.code == "KER003"] == [Severity.NOTE]


def test_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keraslint.analysis.MAX_ANALYSIS_SECONDS", -1.0)
    assert [message for _, message in notes(HEAD + "a = 1\n" * 100 + COMPILE)] == [
        "not looked at from here on: it takes more than 5 seconds"
    ]


def test_no_time_for_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def spent() -> None:
        raise OutOfTime

    monkeypatch.setattr("keraslint.rules.templates.poll", spent)
    assert notes(HEAD + COMPILE) == [(1, "not all calls were judged: it takes more than 10 seconds")]


def test_no_time_for_the_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spent() -> None:
        raise OutOfTime

    monkeypatch.setattr("keraslint.fixes.apply.poll", spent)
    (tmp_path / "a.py").write_text(HEAD + COMPILE + FIT)
    code, said, _ = outcome(tmp_path, "check", "--isolated", "a.py", "--keras-version", "3.5.0", "--fix")
    assert "(not fixed: the result could not be checked to its end)" in said
    assert (code, (tmp_path / "a.py").read_text()) == (1, HEAD + COMPILE + FIT)


def test_a_call_in_more_ways_than_are_judged() -> None:
    text = HEAD + "for a in range(20):\n    for b in range(20):\n        model.compile('sgd', loss_weights=[a, b])\n"
    (note,) = notes(text)
    assert note == (8, f"not all runs of this call were judged: it runs in more than {bounds.MAX_CONTEXTS} ways")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("requirements.txt", f"keras=={'9' * 5_000}\n", "a version has more than 100 characters"),
        ("requirements.txt", f"keras{','.join(f'!=3.{n}' for n in range(101))}\n", "it names more than 100 versions"),
        (
            "setup.py",
            "a = ['keras==3.5.0']\n" + "a = a + a\n" * 30 + "setup(install_requires=a)\n",
            "its values are too many, or nested too deeply",
        ),
        (
            "Dockerfile",
            "FROM x\nENV A0=keras==3.5.0\n"
            + "".join(f"ENV A{n + 1}={f'${{A{n}}}' * 10}\n" for n in range(8))
            + "RUN pip install $A8\n",
            "the value of a variable is too long",
        ),
        ("pyproject.toml", "keras = 1\n" + "x = 1\n" * 200_000, "longer than 1,000,000 characters"),
        ("uv.lock", "keras = 1\n" + "x = 1\n" * 500_000, "longer than 2,500,000 characters"),
        ("requirements.txt", "keras>=3.4\n" * 501, "it names Keras or TensorFlow more than 500 times"),
        ("pyproject.toml", "keras = 1\n" + f"[x{'.a' * 30_000}]\n", "more than 20,000 dots in keys"),
    ],
)
def test_a_dependency_file_that_is_too_large(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    code, said, errors = outcome(tmp_path, "check", "--isolated", name)
    assert said.endswith(f" KER003 not read: {message}\n")
    assert (code, errors) == (0, "1 file was not checked to the end.\n")


def test_a_pin_that_is_too_large_for_the_program(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text(f"keras=={'9' * 5_000}\n")
    (tmp_path / "a.py").write_text(HEAD + 'model.compile("sgd", loss=("mse", "mae"))\n')
    said = outcome(tmp_path, "check", "--isolated", "a.py")[1]
    reason = "requirements.txt:1: a version has more than 100 characters"
    assert said == f"a.py:1:1: KER003 the Keras releases are not known: {reason}\n"


def test_a_program_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEAD + "a = 1\n" * 80_000)
    (tmp_path / "b.py").write_text("a = 1\n" * 80_000)
    code, said, _ = outcome(tmp_path, "check", "--isolated")
    assert (code, said) == (0, "a.py:1:1: KER003 not looked at: it has more than 150,000 words\n")
