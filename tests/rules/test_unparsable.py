from __future__ import annotations

from pathlib import Path

import pytest

import keraslint
from keraslint import check_paths
from keraslint.diagnostic import Diagnostic
from keraslint.document import UndecodableSource
from keraslint.rules.unparsable_source import UnparsableSource


def diagnose(path: str, error: Exception) -> Diagnostic:
    (diagnostic,) = UnparsableSource().check_text(path, b"import keras\nmodel.fit(x)", error)
    return diagnostic


def error_of(text: str) -> Exception:
    try:
        compile(text, "train.py", "exec")
    except (SyntaxError, ValueError) as error:
        return error
    raise AssertionError(f"{text!r} compiles")


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (error_of("import keras\nx = (\n"), (2, 5)),
        (error_of("import keras\n!pip install keras\n"), (2, 1)),
        (error_of("import keras\n  x = 1\n"), (2, 1)),
        (SyntaxError("no place"), (1, 1)),
        (SyntaxError("odd place", ("train.py", 0, 0, "", 0, 0)), (1, 1)),
        (ValueError("source code string cannot contain null bytes"), (1, 1)),
        (UndecodableSource("'utf-8' codec can't decode byte 0xff in position 3:\n invalid"), (1, 1)),
    ],
)
def test_the_place_and_one_line(error: Exception, place: tuple[int, int]) -> None:
    diagnostic = diagnose("train.py", error)
    assert (diagnostic.code, diagnostic.severity.value, diagnostic.filename) == ("KER001", "error", "train.py")
    assert diagnostic.span.start == diagnostic.span.end
    assert diagnostic.span.start.row == place[0]
    assert diagnostic.noqa_rows == (place[0],)
    assert diagnostic.message.startswith("not checked: ")
    assert "\n" not in diagnostic.message


def test_an_error_without_a_text() -> None:
    assert diagnose("train.py", ValueError()).message == "not checked: ValueError"


@pytest.mark.parametrize(
    ("data", "place", "encoding"),
    [
        (b'import keras; keras.Model()\nx = "\xe9"\n', (2, 6), "UTF-8"),
        (b'\xef\xbb\xbfimport keras; keras.Model()\nx = "\xe9"\n', (2, 6), "UTF-8"),
        (b'# coding: ascii\nimport keras; keras.Model()\n\nx = "\xe9"\n', (4, 6), "ascii"),
    ],
)
def test_a_byte_that_is_no_text_is_named_with_its_place(
    data: bytes, place: tuple[int, int], encoding: str, tmp_path: Path
) -> None:
    program = tmp_path / "bad.py"
    program.write_bytes(data)
    (found,) = check_paths([program], isolated=True)
    assert (found.span.start.row, found.span.start.column) == place
    assert found.message.startswith(f"not checked: byte 0xe9 is not {encoding}: save the file as UTF-8")


@pytest.mark.parametrize(
    ("line", "finds"),
    [
        ("m = keras.Model(a, b)", True),
        ("class M(keras.Sequential):", True),
        ("m.compile('sgd')", True),
        ("m.evaluate(x)", True),
        ("safe_compile(m)", True),
        ("p = re.compile(r'x')", False),
        ("a = keras.ops.abs(b)", False),
    ],
)
def test_only_files_about_models(line: str, finds: bool) -> None:
    error = SyntaxError("invalid syntax")
    assert bool([*UnparsableSource().check_text("a.py", f"import keras\n{line}\n(".encode(), error)]) == finds
    assert not [
        *UnparsableSource().check_text("a.py", f"import torch\n{line.replace('keras', 'torch')}\n(".encode(), error)
    ]
    assert bool(keraslint.check_source(f"import keras\n{line}\n(")) == finds
