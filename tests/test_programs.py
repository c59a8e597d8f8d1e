"""The findings in each program in ``programs/`` are those that the program's comments name."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_source

from .keras.expectations import PROGRAMS, read_expectations
from .keras.releases import RELEASES


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_the_diagnostics_are_those_in_the_comments_and_have_a_fix_where_these_do_not_deny_it(program: Path) -> None:
    text = program.read_text(encoding="utf-8")
    for release in RELEASES:
        expected = {(one.row, one.code): one.fixable for one in read_expectations(text) if release in one.releases}
        said = check_source(text, str(program), release)
        assert {(one.span.start.row, one.code) for one in said} == set(expected), release
        for one in said:
            by_default = any(fix.style == "tuple" for fix in one.fixes)
            assert by_default == expected[one.span.start.row, one.code], (release, one)
