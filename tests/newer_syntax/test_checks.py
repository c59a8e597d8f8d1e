"""Files in newer syntax are checked, followed and fixed as any other."""

import random
import re
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.config.settings import Settings
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile
from keraslint.engine.reports import FileReport, Fixing
from tests.keras.expectations import PROGRAMS

BUG = """\
import keras
from names import HEADS

x, y_small, y_big = load()
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="adam", loss={"small": "mse", "big": "mae"})
model.fit(x, [y_small, y_big])
"""
CALL = 'model.compile(optimizer="adam", loss={"small": "mse", "big": "mae"})'

# Each makes the program one that Python 3.10 refuses, and changes nothing of what it does.
NEWER = {
    "type parameters": "def first[I: (str, 'é](')](items: list[I], x=0) -> I: ...\nclass Box[I]: pass\n",
    "type statement": "type Row[T] = (\n    list[T]  # noqa\n)\n",
    "nested text": 'é = f"é {\', \'.join(f"{d["k"]}" for d in [])} {\n    0 # a comment\n}"; type E = int\n',
    "template": 'template = t"é {keras}"\n',
    "except": "try:\n    pass\nexcept ValueError, TypeError:\n    raise\n",
    "lazy import": "lazy import numpy as np\nlazy from os import path\n",
    "unpacking": "rows = [*row for row in [[1], [2]]]; row = {**d for d in [{}]}\n",
    "soft keywords": "type = lazy = 3\ntype = type * lazy\nmatch type:\n    case 9:\n        type X = int\n",
}


def report(folder: Path, text: str, *, unsafe: bool = False) -> FileReport:
    path = folder / "train.py"
    path.write_bytes(text.encode())
    (folder / "requirements.txt").write_text("keras==3.6.0\n")
    found = InputFile(str(path), Settings(str(folder), str(folder)))
    return Checker(Fixing(unsafe=unsafe, style="tuple", write=False)).check_file(found)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("newer", NEWER.values(), ids=NEWER)
def test_the_finding_and_its_fix_are_those_of_the_program_without_newer_syntax(
    tmp_path: Path, newer: str, newline: str
) -> None:
    text = f"{BUG[: BUG.index('x, ')]}{newer}{BUG[BUG.index('x, ') :]}".replace("\n", newline)
    found = check_source(text, "train.py", "3.6.0")
    place = found[0].span
    assert [one.code for one in found] == ["KER101"]
    row = text.split(newline)[place.start.row - 1]
    assert row[place.start.column - 1 : place.end.column - 1] == '{"small": "mse", "big": "mae"}'
    fixed = text.replace('{"small": "mse", "big": "mae"}', '("mse", "mae")')
    assert report(tmp_path, text).text == fixed
    assert not check_source(fixed, "train.py", "3.6.0")


def test_newer_syntax_within_what_is_fixed(tmp_path: Path) -> None:
    losses = '{  # f\n"é": f"m{"se"}", "big": f"{"mae"}",  # é\n}'
    text = BUG.replace('{"small": "mse", "big": "mae"}', losses).replace("small", "é")
    result = report(tmp_path, text, unsafe=True)
    assert [one.code for one in result.fixed] == ["KER101"]
    assert 'loss=(  # f\nf"m{"se"}", f"{"mae"}",  # é\n)' in result.text
    pairs = BUG.replace('{"small": "mse", "big": "mae"}', 'dict([("small", f"{"mse"}"), ("big", f"{"mae"}")])')
    assert 'loss=(f"{"mse"}", f"{"mae"}"))' in report(tmp_path, pairs, unsafe=True).text


def test_names_in_nested_texts_decide() -> None:
    text = BUG.replace("load()", 'load(), {"k": "small"}').replace("y_big =", "y_big, names =")
    text = text.replace("load(), ", "1, 2, 3, ").replace('name="small"', 'name=f"{names["k"]}"')
    assert [one.code for one in check_source(text, "train.py", "3.6.0")] == ["KER101"]
    unknown = text.replace('f"{names["k"]}"', 'f"{names["k"]}{"\\n"}"')
    assert [one.code for one in check_source(unknown, "train.py", "3.6.0")] != ["KER101"]


def test_a_comment_suppresses_and_a_text_that_looks_like_one_does_not() -> None:
    lines = BUG.splitlines()
    place = lines.index(CALL)
    for end, codes in (("  # noqa: KER101", []), ('; f"{x["# noqa"]}"', ["KER101"])):
        text = "\n".join(["type X = int", *lines[:place], CALL + end, *lines[place + 1 :]])
        assert [one.code for one in check_source(text, "train.py", "3.6.0")] == codes


def test_a_module_in_newer_syntax_is_followed(tmp_path: Path) -> None:
    heads = 'type Row = list[int]\nHEADS = [f"{d["k"]}" for d in [{"k": "b"}, {"k": "a"}]]\n'
    (tmp_path / "names.py").write_text(heads)
    (tmp_path / "late.py").write_text("import keras\ntype Row = int\nkeras.layers.Dense(1)\n")
    text = re.sub(r"(?s)small = .*?\nmodel = .*?\n", "", BUG).replace("small", "a").replace('"big"', '"b"')
    model = "model = keras.Model(inputs, [keras.layers.Dense(1, name=n)(inputs) for n in HEADS])\n"
    text = text.replace("model.compile", model + "model.compile", 1)
    assert [one.code for one in report(tmp_path, text).fixed] == ["KER101"]
    assert [one.code for one in report(tmp_path, text.replace("from names", "lazy from names")).fixed] == ["KER101"]
    numbered = (
        text.replace("name=n", "").replace('"a"', '"dense_1"').replace('"b"', '"dense"').replace("load()", "1, 2, 3")
    )
    assert not report(tmp_path, numbered).diagnostics
    assert [one.code for one in report(tmp_path, f"import late\n{numbered}").diagnostics] == ["KER105"]
    assert [one.code for one in report(tmp_path, f"lazy import late\n{numbered}").diagnostics] == ["KER102"]


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_the_verdicts_about_a_program_stay_the_same(program: Path) -> None:
    """The programs written with newer constructs: their rows stay, so the findings do."""
    text = program.read_text(encoding="utf-8")
    seed = random.Random(program.stem)
    newer = re.sub(r"(?m)^( *def \w+)\(", lambda match: f"{match[1]}[T: (int, '](')](", text)
    newer = re.sub(r"(?m)^(class \w+)(?=[(:])", r"\1[*Ts, **P]", newer)
    newer = re.sub(r"(?m)^import (?=keras|numpy)", "lazy import ", newer)
    newer = re.sub(r"\bf\"([^\"{}\n]*)\{(\w+)\}([^\"{}\n]*)\"", r'f"\1{f"{\2}"}\3"', newer)
    newer += seed.choice([*NEWER.values()]) * 2
    for release in ("3.3.3", "3.6.0", "3.9.0"):
        before, after = (check_source(one, str(program), release) for one in (text, newer))
        assert [(one.span.start, one.code) for one in after] == [(one.span.start, one.code) for one in before]
