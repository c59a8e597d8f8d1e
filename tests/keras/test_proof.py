"""Before a fix the verdict is what real Keras does; after it, each loss is where it is named, and nothing else moved.

``KERASLINT_PROOF_PROGRAMS`` and ``KERASLINT_PROOF_SEED`` set how many generated programs run beside the examples of the
rules, and which ones.
"""

from __future__ import annotations

import math
import os

import pytest

from keraslint import check_source

from ..summary import note
from .comparison import compare
from .proof import ADMITTED, RELEASES, STYLES, Report, Seen, cases, observe
from .routing import format_table, read_run

pytestmark = pytest.mark.real_keras

COUNT = int(os.environ.get("KERASLINT_PROOF_PROGRAMS", "23"))
SEED = int(os.environ.get("KERASLINT_PROOF_SEED", "5"))

ROUTING = {"KER101", "KER103", "KER104", "KER110", "KER114"}
LOGS = {"KER109", "KER111", "KER112", "KER303", "KER305"}
"""Rules about what is logged, how many steps are made, and at which rate: fixes change that though losses are right."""


@pytest.fixture(scope="module")
def seen(request: pytest.FixtureRequest) -> list[Seen]:
    every = cases(COUNT, SEED)
    found = observe(every)
    by_style = {style: sum(style in case.fixed for case in every) for style in STYLES}
    before = sum(bool(misrouted(one.before)) for one in found)
    after = [one for one in found if "tuple" in one.after and misrouted(one.after["tuple"])]
    left = sum(is_left(one) for one in after)
    note(
        request.config,
        "real Keras",
        f"{len(every)} programs before a fix, {by_style['tuple']} after a fix to tuples and {by_style['safe-compile']}"
        f" to safe_compile, each on {len(RELEASES)} releases: {before} runs misrouted before, {len(after) - left} after"
        f" and {left} in which a finding is left that has no fix",
    )
    return found


def misrouted(report: Report) -> str:
    """The calls whose parts reached another output than was meant, for a reader; empty where none did."""
    wrong = [site for site in read_run(report).sites if site.issues - {"equal-losses"}]
    return "\n".join(f"row {site.row}: {site.verdict}\n{format_table(site)}" for site in wrong)


def is_left(one: Seen) -> bool:
    """True if the linter still reports a program after its fix to tuples: something in it has no fix."""
    return _found(one.case.fixed["tuple"], one.release, ROUTING)


def same(first: Report, second: Report) -> bool:
    """True if two programs logged the same values under the same names."""
    one, other = first["results"], second["results"]
    return len(one) == len(other) and all(
        a.keys() == b.keys() and all(_close(a[key], b[key]) for key in a) for a, b in zip(one, other, strict=True)
    )


def test_before_a_fix_the_verdict_is_what_is_seen(seen: list[Seen]) -> None:
    assert [
        (one.release, one.case.name, difference.text, one.case.text)
        for one in seen
        for difference in compare(one.case.text, one.before, one.release)
        if difference.kind != "unknown"
    ] == []


def test_after_a_fix_to_tuples_nothing_is_misrouted(seen: list[Seen]) -> None:
    """But where a finding is left, such as on targets that are not written out."""
    assert [
        (one.release, one.case.name, wrong, one.case.fixed["tuple"])
        for one in seen
        if "tuple" in one.after and (wrong := misrouted(one.after["tuple"])) and not is_left(one)
    ] == []
    assert sum("tuple" in one.after and bool(misrouted(one.before)) for one in seen) >= COUNT / 10


@pytest.mark.parametrize("style", STYLES)
def test_what_was_right_trains_to_the_same_values_after_a_fix(seen: list[Seen], style: str) -> None:
    compared = [one for one in seen if style in one.after and _was_right(one)]
    assert [_changed(one, one.before, one.after[style], style) for one in compared if _differs(one, style)] == []
    assert len(compared) > COUNT / 2


def test_safe_compile_trains_to_the_values_of_tuples(seen: list[Seen]) -> None:
    """Tuples are known to be right from where each loss arrived; so safe_compile is where it trains to the same."""
    both = [
        one
        for one in seen
        if {"tuple", "safe-compile"} <= one.after.keys()
        and one.after["tuple"]["end"] == "ok"
        and not misrouted(one.after["tuple"])
    ]
    assert [
        _changed(one, one.after["tuple"], one.after["safe-compile"], "safe-compile")
        for one in both
        if not same(one.after["tuple"], one.after["safe-compile"])
    ] == []
    assert len(both) > COUNT / 2


def _was_right(one: Seen) -> bool:
    return one.before["end"] == "ok" and not misrouted(one.before) and not _found(one.case.text, one.release, LOGS)


def _differs(one: Seen, style: str) -> bool:
    if style == "safe-compile" and "AmbiguousRouting" in one.after[style]["end"]:
        return not _said_refused(one)
    return one.after[style]["end"] != "ok" or not same(one.before, one.after[style])


def _said_refused(one: Seen) -> bool:
    """True if a fix says of itself that safe_compile may refuse the call, which it then does in words."""
    every = check_source(one.case.text, "program.py", ADMITTED)
    return any("safe_compile may refuse" in fix.message for found in every for fix in found.fixes)


def _changed(one: Seen, before: Report, after: Report, style: str) -> tuple[object, ...]:
    return (one.release, one.case.name, before["results"], after["end"], after["results"], one.case.fixed[style])


def _found(text: str, release: str, codes: set[str]) -> bool:
    return any(one.code in codes for one in check_source(text, "program.py", release))


def _close(first: list[float], second: list[float]) -> bool:
    return len(first) == len(second) and all(map(_equal, first, second))


def _equal(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-6)
