from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from keraslint.diagnostic import Applicability, Diagnostic, Edit, Fix, Position, Severity, Span
from keraslint.document import Document
from keraslint.fixes.apply import applicable_fix, apply_fixes, edited


def span(row: int, start: int, end: int) -> Span:
    return Span(Position(row, start), Position(row, end))


def replacing(pattern: str, replacement: str, *, safe: bool = True) -> Callable[[str], list[Diagnostic]]:
    """A check that flags each match of a pattern, with a fix that replaces it."""

    def check(text: str) -> list[Diagnostic]:
        found = []
        for row, line in enumerate(text.splitlines(), start=1):
            for match in re.finditer(pattern, line):
                place = span(row, match.start() + 1, match.end() + 1)
                applicability = Applicability.SAFE if safe else Applicability.UNSAFE
                fix = Fix("tuple", applicability, "fix it", (Edit(place, match.expand(replacement)),))
                found.append(diagnostic(f"bad {match.group()}", place, fix))
        return found

    return check


def diagnostic(message: str, place: Span, *fixes: Fix, code: str = "KER101") -> Diagnostic:
    return Diagnostic(code, "misrouted-loss", Severity.ERROR, message, "a.py", place, fixes=fixes)


def fixed(text: str, check: Callable[[str], list[Diagnostic]], *, unsafe: bool = False):
    return apply_fixes(Document("a.py", text), check(text), unsafe=unsafe, style="tuple", recheck=check)


def test_all_at_once() -> None:
    result = fixed("a = bad1\nb = bad2; c = bad3\n", replacing(r"bad(\d)", r"\1"))
    assert result.text == "a = 1\nb = 2; c = 3\n"
    assert [item.message for item in result.applied] == ["bad bad1", "bad bad2", "bad bad3"]
    assert (result.refused, result.remaining) == ((), ())


def test_twice_changes_nothing() -> None:
    check = replacing(r"bad(\d)", r"\1")
    once = fixed("a = bad1\r\nb = 'é\N{GRINNING FACE}' + bad2\r\n", check)
    assert once.text == "a = 1\r\nb = 'é\N{GRINNING FACE}' + 2\r\n"
    assert fixed(once.text, check).text == once.text


def test_unsafe_only_when_asked() -> None:
    check = replacing("bad", "good", safe=False)
    assert fixed("bad\n", check).text == "bad\n"
    assert len(fixed("bad\n", check).remaining) == 1
    assert fixed("bad\n", check, unsafe=True).text == "good\n"


def test_a_result_that_does_not_parse_is_refused() -> None:
    result = fixed("bad\n", replacing("bad", "("))
    assert result.text == "bad\n"
    assert [item.reason for item in result.refused] == ["the result would not parse"]
    (remaining,) = result.remaining
    assert remaining.message == "bad bad (not fixed: the result would not parse)"
    assert remaining.fixes == ()


def test_a_fix_that_mends_nothing_is_refused() -> None:
    result = fixed("bad\n", replacing("bad", "bad + 1"))
    assert result.text == "bad\n"
    assert [item.reason for item in result.refused] == ["the finding would still be there"]


def test_a_fix_that_brings_something_new_is_refused() -> None:
    def check(text: str) -> list[Diagnostic]:
        return replacing("bad", "worse")(text) + [
            diagnostic("worse", span(1, 1, 6), code="KER104") for _ in re.finditer("worse", text)
        ]

    result = fixed("bad\n", check)
    assert result.text == "bad\n"
    assert [item.reason for item in result.refused] == ["the result would have a new KER104"]


def test_a_fix_that_changes_nothing_is_refused() -> None:
    result = fixed("bad\n", replacing("bad", "bad"))
    assert [item.reason for item in result.refused] == ["it changes nothing"]


def test_a_result_that_the_encoding_can_not_hold_is_refused() -> None:
    document = Document("a.py", "bad\n", encoding="latin-1")
    check = replacing("bad", "'\N{GRINNING FACE}'")
    result = apply_fixes(document, check(document.text), unsafe=False, style="tuple", recheck=check)
    assert [item.reason for item in result.refused] == ["the result can't be written as latin-1"]


def test_a_refused_fix_does_not_keep_the_others_from_being_applied() -> None:
    def check(text: str) -> list[Diagnostic]:
        return sorted([*replacing(r"bad(\d)", r"\1")(text), *replacing("ugly", "(")(text)], key=lambda item: item.span)

    result = fixed("bad1\nugly\nbad2\n", check)
    assert result.text == "1\nugly\n2\n"
    assert [item.message for item in result.applied] == ["bad bad1", "bad bad2"]
    assert [item.diagnostic.message for item in result.refused] == ["bad ugly"]
    assert len(result.remaining) == 1


def test_of_overlapping_fixes_the_first_wins_and_the_other_has_its_turn() -> None:
    def check(text: str) -> list[Diagnostic]:
        found = []
        if text.startswith("f(a"):
            place = span(1, 1, len(text))
            found.append(diagnostic("f", place, Fix("tuple", Applicability.SAFE, "", (Edit(place, "g(b)"),))))
        if match := re.search("[ab]", text):
            place = span(1, match.start() + 1, match.end() + 1)
            found.append(diagnostic("letter", place, Fix("tuple", Applicability.SAFE, "", (Edit(place, "1"),))))
        return found

    result = fixed("f(a)\n", check)
    assert result.text == "g(1)\n"
    assert [item.message for item in result.applied] == ["f", "letter"]


def test_equal_edits_of_two_fixes_are_made_once() -> None:
    def check(text: str) -> list[Diagnostic]:
        top = Edit(span(1, 1, 1), "import x\n")
        return [
            diagnostic(item.message, item.span, Fix("tuple", Applicability.SAFE, "", (*item.fixes[0].edits, top)))
            for item in replacing(r"bad(\d)", r"x.f\1")(text)
        ]

    assert fixed("pass\nbad1\nbad2\n", check).text == "import x\npass\nx.f1\nx.f2\n"


def test_two_fixes_that_share_one_edit_both_count() -> None:
    place = span(1, 1, 4)
    fix = Fix("tuple", Applicability.SAFE, "", (Edit(place, "good"),))

    def check(text: str) -> list[Diagnostic]:
        pair = [diagnostic("loss", place, fix), diagnostic("weights", place, fix, code="KER104")]
        return pair if text == "bad\n" else []

    result = fixed("bad\n", check)
    assert result.text == "good\n"
    assert [item.code for item in result.applied] == ["KER101", "KER104"]


def test_a_fix_that_mends_a_second_diagnostic_counts_for_both() -> None:
    def check(text: str) -> list[Diagnostic]:
        return [
            *replacing("bad", "good")(text),
            *([diagnostic("also", span(1, 1, 4))] if "bad" in text else []),
        ]

    result = fixed("bad\n", check)
    assert [item.message for item in result.applied] == ["bad bad", "also"]


@pytest.mark.parametrize(("unsafe", "expected"), [(False, "second"), (True, "first")])
def test_the_fix_that_counts(unsafe: bool, expected: str) -> None:
    fixes = (
        Fix("upgrade", Applicability.SAFE, "other style", ()),
        Fix("tuple", Applicability.UNSAFE, "first", ()),
        Fix("tuple", Applicability.SAFE, "second", ()),
    )
    chosen = applicable_fix(diagnostic("x", span(1, 1, 2), *fixes), unsafe=unsafe, style="tuple")
    assert chosen is not None
    assert chosen.message == expected


def test_edits_in_any_order() -> None:
    document = Document("a.py", "abc\ndef\n")
    edits = [Edit(span(2, 1, 2), "D"), Edit(span(1, 2, 2), "-"), Edit(span(1, 3, 4), "")]
    assert edited(document, edits) == "a-b\nDef\n"
