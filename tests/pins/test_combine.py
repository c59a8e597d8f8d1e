"""Whole projects of random files: always an answer, and for what packaging can say the same as packaging."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from keraslint.behaviour.releases import MEASURED
from keraslint.pins.deciding_versions import chosen_from
from keraslint.pins.resolve import ProjectReleases, project_releases
from keraslint.pins.specifier_sets import disjoint

releases = st.sampled_from(["2.15.0", "3", "3.4.1", "3.5", "3.5.0", "3.6.0", "3.7.0", "3.15.1", "3.16.0", "4.0"])
tensorflows = st.sampled_from(["2.12", "2.15.1", "2.16.1", "2.17.0", "2.18", "2.20.0", "2.21.0", "2.30"])
operators = st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "==="])
markers = st.sampled_from(
    ["", "; python_version < '3.10'", "; python_version >= '3.10'", "; sys_platform == 'darwin'", "; extra == 'a'"]
)


@st.composite
def lines(draw, name: str, numbers: st.SearchStrategy[str], marked: bool) -> str:
    parts = draw(st.lists(st.tuples(operators, numbers), max_size=2))
    odd = draw(st.sampled_from(["", "", "", "", "===head", "==3.5.*", ">=3.6.0rc1,<3.7.dev0", "==1!3.5"]))
    written = [operator + number for operator, number in parts] + ([odd] if odd else [])
    return name + ",".join(written) + (draw(markers) if marked else "")


def keras_lines(*, marked: bool) -> st.SearchStrategy[str]:
    return lines("keras", releases, marked)


any_line = st.one_of(
    keras_lines(marked=True), lines("tensorflow", tensorflows, True), lines("tensorflow-gpu", tensorflows, True)
)
files = st.dictionaries(
    st.sampled_from(["requirements.txt", "requirements-dev.txt", "constraints.txt", "pyproject.toml"]),
    st.lists(any_line, max_size=4),
    max_size=4,
)


def answer(contents: dict[str, list[str]]) -> ProjectReleases:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents.items():
            text = "\n".join(content)
            if name == "pyproject.toml":
                half = len(content) // 2
                text = f"[project]\ndependencies = {content[:half]!r}\n[dependency-groups]\na = {content[half:]!r}\n"
            (Path(folder) / name).write_text(text)
        return project_releases(Path(folder), root=Path(folder))


@pytest.mark.slow
@given(files)
def test_any_project_has_an_answer_that_is_sound_in_itself(contents):
    found = answer(contents).releases
    assert list(found.versions) == sorted(set(found.versions) & set(MEASURED))
    assert found.newest == (found.versions[-1] if found.versions else None)
    assert (found.strength == "none") == (not found.evidence)
    if found.strength in ("none", "bare"):
        assert (found.admitted, found.versions, found.admits_others) == ("", MEASURED, True)
    for part in filter(None, found.admitted.split(" or ")):
        SpecifierSet(part)


def is_empty(specifiers: SpecifierSet) -> bool:
    return disjoint([specifiers], [SpecifierSet()])


@given(st.lists(keras_lines(marked=False), min_size=1, max_size=3))
def test_requirements_that_hold_together_admit_what_packaging_admits(content):
    together = SpecifierSet()
    for line in content:
        together &= Requirement(line).specifier
    expected = tuple(chosen_from(MEASURED, together))
    found = answer({"requirements.txt": content}).releases
    if expected:
        assert found.versions == expected
        assert not found.contradicts
    elif is_empty(together) and not any(is_empty(Requirement(line).specifier) for line in content):
        assert found.contradicts


def test_all_lines_that_contradict_are_evidence():
    found = answer({"requirements.txt": ["keras==3.5.0", "keras>=3.7"]}).releases
    assert found.contradicts
    assert [item.row for item in found.evidence] == [1, 2]
