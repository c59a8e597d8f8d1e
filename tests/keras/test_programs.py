"""The linter's verdict on each program is what the real Keras does, and its fixes make it right there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from keraslint import Diagnostic, check_source
from keraslint.fixes.tuple_style import STYLE

from .conftest import ALL_PROGRAMS, Mended
from .expectations import is_unseen
from .releases import RELEASES
from .routing import Run, Site

pytestmark = pytest.mark.real_keras

RIGHT = {"ok", "equal-losses"}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_the_verdict_is_what_was_seen(program: Path, release: str, untouched: dict[str, dict[Path, Run]]) -> None:
    text = program.read_text(encoding="utf-8")
    diagnostics = check_source(text, str(program), release)
    run = untouched[release][program.resolve()]
    assert run.sites, run.end
    for site in run.sites:
        rows = _rows_of_call(text, "compile", site.row)
        said = {one.code for one in diagnostics if one.span.start.row in rows}
        if site.rounds and "KER102" not in said:
            told = said & {"KER101", "KER104", "KER110"}
            assert told in _codes_for(site) or (not told and is_unseen(text, rows)), site.verdict
        if site.error is not None:
            assert not said & {"KER101", "KER104", "KER110"} or _codes_for(site) != [set()], site.verdict
        assert not said & {"KER105", "KER106"} or site.error is not None, site.verdict


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_the_targets_go_where_was_seen(program: Path, release: str, untouched: dict[str, dict[Path, Run]]) -> None:
    text = program.read_text(encoding="utf-8")
    said = {one.span.start.row for one in check_source(text, str(program), release) if one.code == "KER103"}
    rounds = [each for site in untouched[release][program.resolve()].sites for each in site.rounds if each.call]
    calls = {(each.call.name, each.call.row) for each in rounds if each.call}
    wrong = {(each.call.name, each.call.row) for each in rounds if each.call and "misrouted-target" in each.issues}
    found = {(name, row) for name, row in calls if said & set(_rows_of_call(text, name, row))}
    assert found == wrong


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_sample_weights_go_where_was_seen(program: Path, release: str, untouched: dict[str, dict[Path, Run]]) -> None:
    text = program.read_text(encoding="utf-8")
    every = check_source(text, str(program), release)
    said = {one.span.start.row for one in every if one.code in ("KER103", "KER114")}
    rounds = [each for site in untouched[release][program.resolve()].sites for each in site.rounds if each.call]
    wrong = [each.call for each in rounds if each.call and "misrouted-sample-weight" in each.issues]
    assert all(said & set(_rows_of_call(text, call.name, call.row)) for call in wrong)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_the_weights_that_are_told_were_seen(
    program: Path, release: str, untouched: dict[str, dict[Path, Run]]
) -> None:
    text = program.read_text(encoding="utf-8")
    for one in check_source(text, str(program), release):
        told = re.findall(r"'(\w+)' gets (?:loss weight )?([\d.]+) instead", one.message)
        told += [(output, weight) for weight, output in re.findall(r"with weight ([\d.]+) trains '(\w+)'", one.message)]
        for output, weight in told:
            sites = [site for site in untouched[release][program.resolve()].sites if site.row <= one.span.start.row]
            seen = {each.output: each.weights for table in sites[-1].tables for each in table}
            assert seen[output] == (float(weight),)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_a_mended_program_is_right_on_every_release(
    program: Path,
    release: str,
    untouched: dict[str, dict[Path, Run]],
    mended: dict[Path, list[Mended]],
) -> None:
    before = untouched[release][program.resolve()]
    for version in mended[program]:
        after = version.runs[release]
        assert before.end != "ok" or after.end == "ok", version.text
        for old, new in zip(before.sites, after.sites, strict=True):
            assert not new.issues - {"equal-losses"}, version.text
            if old.error is None:
                assert new.error is None, version.text
            if old.verdict in RIGHT:
                assert new.tables == old.tables, version.text


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_a_mended_program_has_no_finding_left(program: Path, release: str, mended: dict[Path, list[Mended]]) -> None:
    text = program.read_text(encoding="utf-8")
    fixable = any(_is_mended(one) for one in check_source(text, str(program), release))
    versions = [version for version in mended[program] if release in version.fixed_for]
    assert len(versions) == fixable
    for version in versions:
        assert not [one for one in check_source(version.text, str(program), release) if _is_mended(one)]


def _is_mended(diagnostic: Diagnostic) -> bool:
    return any(fix.style == STYLE for fix in diagnostic.fixes)


def _codes_for(site: Site) -> list[set[str]]:
    """What may be said of a compile call that did what was seen: KER110 is about losses with a None among them."""
    if "misrouted-loss" in site.issues:
        return [{"KER101"}, {"KER110"}]
    if "misrouted-weights" in site.issues:
        return [{"KER101"}] if site.loss_is_named else [{"KER104"}]
    return [set()]


def _rows_of_call(text: str, name: str, row: int) -> range:
    """The rows of the call of a method that starts on ``row``."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.lineno == row]
    (call,) = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == name]
    return range(row, (call.end_lineno or row) + 1)
