"""The linter's verdict on each program is what the real Keras does, and its fixes make it right there."""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from keraslint import Diagnostic, check_source
from keraslint.fixes.tuple_style import STYLE

from .conftest import ALL_PROGRAMS, FixedProgram
from .expectations import is_unseen
from .releases import RELEASES
from .routing import Round, Run, Site

pytestmark = pytest.mark.real_keras

RIGHT = {"ok", "equal-losses"}


@dataclass(frozen=True)
class Case:
    """A program, what the linter says of it for a release, and what it did on that release."""

    text: str
    release: str
    said: tuple[Diagnostic, ...]
    run: Run

    @property
    def rounds(self) -> list[Round]:
        """The rounds that a call such as fit set off."""
        return [each for site in self.run.sites for each in site.rounds if each.call]

    def rows_with(self, *codes: str) -> set[int]:
        """The rows on which the linter reports one of these rules."""
        return {one.span.start.row for one in self.said if one.code in codes}


@pytest.mark.parametrize("program", ALL_PROGRAMS, ids=lambda program: program.stem)
def test_the_linter_says_what_was_seen_and_its_fixes_make_it_right(
    program: Path, untouched: dict[str, dict[Path, Run]], fixed: dict[Path, list[FixedProgram]]
) -> None:
    text = program.read_text(encoding="utf-8")
    wrong = []
    for release in RELEASES:
        case = Case(
            text, release, tuple(check_source(text, str(program), release)), untouched[release][program.resolve()]
        )
        for check in (
            _the_verdict_is_what_was_seen,
            _the_targets_go_where_was_seen,
            _sample_weights_go_where_was_seen,
            _the_weights_that_are_told_were_seen,
        ):
            wrong += _failure(release, check, case)
        wrong += _failure(release, _a_fixed_program_is_right_on_every_release, case, fixed[program])
        wrong += _failure(release, _a_fixed_program_has_no_finding_left, case, fixed[program], str(program))
    assert not wrong, "\n\n".join(wrong)


def _failure(release: str, check: Callable[..., None], *arguments: object) -> list[str]:
    """The error that a check raises on a release, if any: the other checks run all the same."""
    try:
        check(*arguments)
    except Exception:
        return [f"Keras {release}: {check.__name__}\n{traceback.format_exc()}"]
    return []


def _the_verdict_is_what_was_seen(case: Case) -> None:
    assert case.run.sites, case.run.end
    for site in case.run.sites:
        rows = _rows_of_call(case.text, "compile", site.row)
        said = {one.code for one in case.said if one.span.start.row in rows}
        if site.rounds and "KER102" not in said:
            told = said & {"KER101", "KER104", "KER110"}
            assert told in _codes_for(site) or (not told and is_unseen(case.text, rows)), site.verdict
        if site.error is not None:
            assert not said & {"KER101", "KER104", "KER110"} or _codes_for(site) != [set()], site.verdict
        assert not said & {"KER105", "KER106"} or site.error is not None, site.verdict


def _the_targets_go_where_was_seen(case: Case) -> None:
    said = case.rows_with("KER103")
    calls = {(each.call.name, each.call.row) for each in case.rounds if each.call}
    wrong = {(each.call.name, each.call.row) for each in case.rounds if each.call and "misrouted-target" in each.issues}
    found = {(name, row) for name, row in calls if said & set(_rows_of_call(case.text, name, row))}
    assert found == wrong, (found, wrong)


def _sample_weights_go_where_was_seen(case: Case) -> None:
    said = case.rows_with("KER103", "KER114")
    wrong = [each.call for each in case.rounds if each.call and "misrouted-sample-weight" in each.issues]
    assert all(said & set(_rows_of_call(case.text, call.name, call.row)) for call in wrong), (said, wrong)


def _the_weights_that_are_told_were_seen(case: Case) -> None:
    for one in case.said:
        told = re.findall(r"'(\w+)' gets (?:loss weight )?([\d.]+) instead", one.message)
        told += [(output, weight) for weight, output in re.findall(r"with weight ([\d.]+) trains '(\w+)'", one.message)]
        for output, weight in told:
            sites = [site for site in case.run.sites if site.row <= one.span.start.row]
            seen = {each.output: each.weights for table in sites[-1].tables for each in table}
            assert seen[output] == (float(weight),), (one.message, seen)


def _a_fixed_program_is_right_on_every_release(case: Case, versions: list[FixedProgram]) -> None:
    for version in versions:
        after = version.runs[case.release]
        assert case.run.end != "ok" or after.end == "ok", version.text
        for old, new in zip(case.run.sites, after.sites, strict=True):
            assert not new.issues - {"equal-losses"}, version.text
            if old.error is None:
                assert new.error is None, version.text
            if old.verdict in RIGHT:
                assert new.tables == old.tables, version.text


def _a_fixed_program_has_no_finding_left(case: Case, versions: list[FixedProgram], path: str) -> None:
    fixable = any(map(_is_fixable, case.said))
    fixed = [version for version in versions if case.release in version.fixed_for]
    assert len(fixed) == fixable, fixed
    for version in fixed:
        assert not [one for one in check_source(version.text, path, case.release) if _is_fixable(one)], version.text


def _is_fixable(diagnostic: Diagnostic) -> bool:
    return any(fix.style == STYLE for fix in diagnostic.fixes)


def _codes_for(site: Site) -> list[set[str]]:
    """The codes that may be reported for what a compile call did: KER110 is about losses with a None among them."""
    if "misrouted-loss" in site.issues:
        return [{"KER101"}, {"KER110"}]
    if "misrouted-weights" in site.issues:
        return [{"KER101"}] if site.loss_is_named else [{"KER104"}]
    return [set()]


def _rows_of_call(text: str, name: str, row: int) -> range:
    """The rows of the call that starts on ``row``: of this method, or the longest if it goes by another name."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.lineno == row]
    named = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == name]
    call = max(named or calls, key=lambda one: one.end_lineno or row)
    return range(row, (call.end_lineno or row) + 1)
