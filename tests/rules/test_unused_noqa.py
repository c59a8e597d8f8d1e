"""KER002: which codes suppress nothing, and what its fix leaves of a comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.cli import main
from keraslint.document import Document
from keraslint.fixes.apply import apply_fixes

MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""


def found(text: str, *select: str, keras: str = "3.5.0"):
    return check_source(text, "a.py", keras=keras, select=select or ["ALL"])


def fixed_text(text: str, keras: str = "3.5.0") -> str:
    def check(changed: str):
        return found(changed, keras=keras)

    return apply_fixes(Document("a.py", text), check(text), unsafe=False, style="tuple", recheck=check).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # noqa: KER101", "x = 1"),
        ("x = 1 #noqa:ker101", "x = 1"),
        ("x = 1\t# noqa: KER101, KER103", "x = 1"),
        ("x = 1  # noqa: E501, KER101", "x = 1  # noqa: E501"),
        ("x = 1  # noqa: KER101,E501", "x = 1  # noqa: E501"),
        ("x = 1  # NOQA:F401,KER101,  E501", "x = 1  # NOQA:F401,E501"),
        ("x = 1  # noqa: F401 , E501  KER101", "x = 1  # noqa: F401 , E501"),
        ("x = 1  # noqa: KER999", "x = 1"),
        ("x = 1  # noqa: KER101  # type: ignore", "x = 1  # type: ignore"),
        ("x = 1  # type: ignore  # noqa: KER101", "x = 1  # type: ignore"),
        ("x = 1  # why # noqa: KER101 # more", "x = 1  # why # more"),
        ("x = 1  # noqa: KER101 - in output order", "x = 1  # in output order"),
        ("x = 1  # noqa: E501, KER101 - so it is", "x = 1  # noqa: E501 - so it is"),
        ("s = '\N{ROCKET}'  # noqa: KER101", "s = '\N{ROCKET}'"),
        ("if x:\n    # noqa: KER101\n    y = 1", "if x:\n    y = 1"),
        ("f(  # noqa: KER101\n    1,\n)", "f(\n    1,\n)"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_fix(before: str, after: str, newline: str) -> None:
    text, wanted = (f"{part}\nz = 3\n".replace("\n", newline) for part in (before, after))
    assert [item.code for item in found(text)] == ["KER002"]
    assert fixed_text(text) == wanted
    assert found(wanted) == []


def test_a_comment_in_the_last_row() -> None:
    for text, wanted in (("x = 1  # noqa: KER101", "x = 1"), ("x = 1\n# noqa: KER101", "x = 1\n")):
        assert fixed_text(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: E501",
        "x = 1  # noqa: KERNEL1",
        "x = 1  # noqa: KER201",
        "x = 1  # noqa: KER101, KER002",
        "x = '# noqa: KER101'",
        "# keraslint: ignore-file\nx = 1  # noqa: KER101",
        "x = (  # noqa: KER101",
    ],
)
def test_says_nothing(text: str) -> None:
    assert [item for item in found(text + "\n") if item.code == "KER002"] == []


def test_a_suppression_is_used_as_long_as_the_release_needs_it() -> None:
    rows = [
        "model.compile(",
        '    "adam",',
        "    loss={",
        '        "small": "mse",',
        '        "big": "mae",',
        "    },",
        ")",
    ]
    for row in (0, 2, 3, 5):
        lines = [line + "  # noqa: KER101" * (number == row) for number, line in enumerate(rows)]
        text = MODEL + "\n".join(lines) + "\n"
        assert found(text) == []
        assert [item.code for item in found(text, keras="3.7.0")] == ["KER002"]
        assert fixed_text(text, keras="3.7.0") == MODEL + "\n".join(rows) + "\n"
    text = MODEL + "\n".join(line + "  # noqa: KER101" * (number == 1) for number, line in enumerate(rows)) + "\n"
    assert [item.code for item in found(text)] == ["KER002", "KER101"]


def test_the_same_code_twice_and_messages() -> None:
    text = (
        MODEL + 'model.compile("adam", loss={"small": "mse", "big": "mae"})  # noqa: KER101, KER101, KER103, KER999\n'
    )
    assert [item.message for item in found(text)] == [
        "unused noqa: KER101 is there twice, KER103 finds nothing here and KER999 is not a rule"
    ]
    assert "# noqa: KER101\n" in fixed_text(text)


def test_it_is_off_by_default_and_knows_only_rules_that_are_on() -> None:
    text = "x = 1  # noqa: KER101\n"
    assert check_source(text) == []
    assert found(text, "KER", "KER0") == []
    assert found(text, "KER002") == []
    assert len(found(text, "KER002", "KER101")) == 1


def test_under_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.py").write_text("x = 1  # noqa: KER101\n")
    (tmp_path / "callers.py").write_text(
        'def train(model):\n    model.compile("adam", loss={"b": "mse", "a": "mae"})  # noqa: KER101\n'
    )
    assert main(["check"]) == 0
    assert main(["check", "--extend-select", "KER002", "--keras-version", "3.5.0"]) == 1
    assert capsys.readouterr().out == "plain.py:1:8: KER002 [*] unused noqa: KER101 finds nothing here\n"
    assert main(["check", "--extend-select", "KER002", "--keras-version", "3.5.0", "--fix"]) == 0
    assert (tmp_path / "plain.py").read_text() == "x = 1\n"
