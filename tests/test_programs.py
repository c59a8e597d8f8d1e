"""What the linter says of each program in ``programs/`` is what the program's comments say."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_source

from .keras.expectations import PROGRAMS, read_expectations
from .keras.releases import RELEASES


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
@pytest.mark.parametrize("release", RELEASES)
def test_the_diagnostics_are_those_in_the_comments(program: Path, release: str) -> None:
    text = program.read_text(encoding="utf-8")
    expectations = [one for one in read_expectations(text) if release in one.releases]
    required = {(one.row, one.code) for one in expectations}
    said = {(one.span.start.row, one.code) for one in check_source(text, str(program), release)}
    assert said == required


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
@pytest.mark.parametrize("release", RELEASES)
def test_there_is_a_fix_where_the_comments_do_not_deny_it(program: Path, release: str) -> None:
    text = program.read_text(encoding="utf-8")
    mended = {(one.row, one.code): one.mended for one in read_expectations(text) if release in one.releases}
    for diagnostic in check_source(text, str(program), release):
        by_default = any(fix.style == "tuple" for fix in diagnostic.fixes)
        assert by_default == mended[diagnostic.span.start.row, diagnostic.code], diagnostic
