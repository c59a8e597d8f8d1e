from __future__ import annotations

import pytest

from keraslint.newer_syntax import read
from keraslint.newer_syntax.read import is_within_bounds


@pytest.mark.parametrize(
    ("unit", "most"),
    [
        ("a=1\n", read.MAX_TOKENS // 2),
        ("'''" + "a=1," * 23 + "x'''\n", read.MAX_CHARACTERS // 100),
        ("#" * 99 + "\n", read.MAX_CHARACTERS // 100),
    ],
)
def test_what_libcst_is_given(unit: str, most: int) -> None:
    assert is_within_bounds(unit * (most - 10))
    assert not is_within_bounds(unit * (most + 10))
