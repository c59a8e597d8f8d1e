from __future__ import annotations

import io

import pytest

from keraslint.report.concise import paint, wants_colour


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "on_terminal", "in_pipe"),
    [
        ("auto", {}, True, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, True),
        ("auto", {"TERM": "dumb"}, False, False),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_wanted(choice: str, environment: dict[str, str], on_terminal: bool, in_pipe: bool) -> None:
    assert wants_colour(choice, Terminal(), environment) is on_terminal
    assert wants_colour(choice, io.StringIO(), environment) is in_pipe


def test_paint() -> None:
    assert paint("x", "red", True) == "\x1b[1;31mx\x1b[0m"
    assert paint("x", "red", False) == "x"
    assert paint("", "red", True) == ""
