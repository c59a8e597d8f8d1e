"""The oracle for every set here is what packaging itself says of single versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.pins.specifier_sets import (
    admits_keras_2,
    as_text,
    disjoint,
    intersect,
    is_exact,
    measured_in,
    unite,
)

pytestmark = pytest.mark.slow

OLDER = [Version(text) for text in ("1.0.0", "2.3.1", "2.11.0", "2.12.0", "2.13.1", "2.14.0", "2.15.0")]
CANDIDATES = [*OLDER, *MEASURED]


@st.composite
def versions(draw, *, short: bool = True, wildcard: bool = False, local: bool = False) -> str:
    known = st.sampled_from([str(item) for item in CANDIDATES])
    release = draw(known | st.sampled_from(["3", "3.5", "2", "3.6"]) if short else known)
    if wildcard and draw(st.booleans()):
        return f"{release}.*"
    epoch = draw(st.sampled_from(["", "", "", "", "1!"]))
    suffix = draw(st.sampled_from(["", "", "", "a1", "rc1", ".dev0", ".post1", "rc1.dev2"]))
    label = draw(st.sampled_from(["", "", "+computecanada"])) if local else ""
    return f"{epoch}{release}{suffix}{label}"


@st.composite
def specifiers(draw) -> str:
    operator = draw(st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "~=", "==="]))
    if operator in ("==", "!="):
        return operator + draw(versions(wildcard=True, local=True))
    return operator + draw(versions(short=operator != "~=", local=operator == "==="))


@st.composite
def sets(draw) -> SpecifierSet:
    return SpecifierSet(",".join(draw(st.lists(specifiers(), max_size=3))))


def beyond(wanted: SpecifierSet) -> bool:
    """True if it takes something newer than the newest measured release."""
    return any(wanted.contains(text, prereleases=True) for text in ("3.16.0", "3.99.0", "4.0.0", "9.9.9"))


def rebuilt(wanted: SpecifierSet) -> set[Version]:
    """The releases of which it pins a rebuild, whatever the label."""
    pins = {str(item.version) for item in wanted if item.operator in ("==", "===")}
    shown = [(version, str(version)) for version in MEASURED]
    shown += [(version, f"{version.major}.{version.minor}") for version in MEASURED if version.micro == 0]
    shown += [(version, str(version.major)) for version in MEASURED if version.micro == version.minor == 0]
    labels = (".post1", "+computecanada", ".post1+computecanada")
    return {version for version, text in shown for label in labels if text + label in pins and text + label in wanted}


@given(st.lists(sets(), min_size=1, max_size=3))
def test_measured_releases_are_those_that_packaging_filters(wanted):
    expected = {version for item in wanted for version in item.filter(MEASURED)}
    expected.update(version for item in wanted for version in rebuilt(item))
    found = measured_in(wanted)
    if expected:
        assert found == tuple(sorted(expected))
    elif any(map(beyond, wanted)):
        assert found == MEASURED[-1:]
    else:
        assert found in ((), MEASURED[-1:])


@given(sets(), sets())
def test_an_intersection_takes_what_both_take(left, right):
    both = intersect([left], [right])
    for version in CANDIDATES:
        assert any(version in item for item in both) == (version in left and version in right)


@given(st.lists(sets(), min_size=1, max_size=4))
def test_a_union_takes_what_any_takes(wanted):
    kept = unite(wanted)
    assert set(kept) <= set(wanted)
    for version in CANDIDATES:
        assert any(version in item for item in kept) == any(version in item for item in wanted)


@given(sets(), sets())
def test_sets_with_a_common_release_are_not_disjoint(left, right):
    if any(version in left and version in right for version in CANDIDATES):
        assert not disjoint([left], [right])


@pytest.mark.skipif(not hasattr(SpecifierSet, "to_range"), reason="older packaging compares no sets itself")
@given(sets(), sets())
def test_sets_relate_as_packaging_says_where_it_can(left, right):
    assert disjoint([left], [right]) == left.to_range().is_disjoint(right.to_range())
    assert bool(intersect([left], [SpecifierSet()])) == (not left.is_unsatisfiable())
    covered = right.to_range().is_subset(left.to_range())
    assert (unite([left, right]) == (left,)) == covered


@given(sets())
def test_a_set_that_takes_a_keras_2_release_admits_keras_2(wanted):
    if any(version in wanted for version in OLDER):
        assert admits_keras_2([wanted])


@given(sets())
def test_the_text_reads_back(wanted):
    assert SpecifierSet(as_text([wanted])) == wanted


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("==3.5.0", False),
        (">=3", False),
        ("==3.5.*", False),
        ("~=3.5", False),
        ("===3.5.0", False),
        ("", True),
        ("!=3.5.0", True),
        ("<3", True),
        ("===2.15.0", True),
        (">=2.15", True),
    ],
)
def test_keras_2(text, others):
    assert admits_keras_2([SpecifierSet(text)]) is others


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("==3.5.0", ["3.5.0"]),
        ("~=3.5.0", ["3.5.0"]),
        (">=3.5,<3.7", ["3.5.0", "3.6.0"]),
        ("==3.9.*", ["3.9.0", "3.9.1", "3.9.2"]),
        ("==3.16.0", ["3.15.1"]),
        (">3.15.1", ["3.15.1"]),
        ("==4.*", ["3.15.1"]),
        ("===3.5.0", ["3.5.0"]),
        ("===3.5", []),
        ("==3.5.7", []),
        ("==3.5.0+computecanada", ["3.5.0"]),
        ("===3.5.0+computecanada", ["3.5.0"]),
        ("==3.5.0.post1", ["3.5.0"]),
        ("==3.5.0.post1,!=3.5.*", []),
        ("==3.5.0rc1.post1", []),
        (">=3.5.0.post1,<3.6", []),
        ("==1!3.5.0", []),
        ("==2.15.0", []),
    ],
)
def test_measured_in(text, versions):
    assert [str(version) for version in measured_in([SpecifierSet(text)])] == versions


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        (">=3.4", "==3.5.0", "==3.5.0"),
        (">=3.4", "<3.7", ">=3.4,<3.7"),
        (">=3.4", ">=3.5,!=3.6.*", ">=3.5,!=3.6.*"),
        ("", ">=3.5", ">=3.5"),
        ("==3.5.*", ">=3.5,<3.7", "==3.5.*"),
        ("==3.5.0", "===3.5.0", "===3.5.0"),
        (">=3.7", "==3.5.0", ""),
    ],
)
def test_an_intersection_is_written_without_what_is_implied(left, right, text):
    assert as_text(intersect([SpecifierSet(left)], [SpecifierSet(right)])) == text


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("==3.5.0", True),
        ("===3.5.0", True),
        (">=3,==3.5.0", True),
        ("==3.5.*", False),
        (">=3.5", False),
        ("", False),
    ],
)
def test_is_exact(text, exact):
    assert is_exact(SpecifierSet(text)) is exact
