"""Combine the conditions in all files of one project into one KerasReleases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

from packaging.specifiers import SpecifierSet

from keraslint.diagnostic import Evidence
from keraslint.pins.interface import Role, VersionCondition
from keraslint.pins.keras_releases import KerasReleases
from keraslint.pins.markers import true_together
from keraslint.pins.requirement_line import ANY
from keraslint.pins.specifier_sets import admits_keras_2, as_text, disjoint, intersect, is_exact, measured_in, unite
from keraslint.pins.tensorflow import keras_of


class Weight(IntEnum):
    """The weight of a statement: a heavier one in the same project decides over a lighter one."""

    BARE = 0
    HINT = 1
    IMPLIED = 2
    RANGE = 3
    EXACT = 4
    LOCK = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """A condition and the file that holds it."""

    filename: str
    condition: VersionCondition
    role: Role = Role.ASKS

    @property
    def evidence(self) -> Evidence:
        """The file, row and text of the condition."""
        return Evidence(self.filename, self.condition.row, self.condition.text)


@dataclass(frozen=True, slots=True)
class _Admission:
    """The versions that an install allows, or all the installs of one file, and the statements that say so.

    bare: the statements of installs without a version; any version of a heavier file decides over them.
    """

    alternatives: tuple[SpecifierSet, ...]
    weight: Weight
    statements: tuple[Statement, ...]
    contradicts: bool = False
    bare: tuple[Statement, ...] = ()


def combine(
    files: Sequence[Sequence[Statement]], constraints: Sequence[Statement], python: str
) -> KerasReleases | None:
    """The releases that a project allows, None if no file names Keras or TensorFlow.

    files: the statements of each file that can be installed from. constraints: those of constraints files, which narrow
    every install (alone, they count as a file). python: the declared Python versions.
    """
    asking = [statements for statements in files if statements]
    if not asking and constraints:
        asking, constraints = [constraints], ()
    admissions = [found for statements in asking if (found := _of_file(statements, constraints, python)) is not None]
    return _decide(admissions) if admissions else None


def _decide(admissions: Sequence[_Admission]) -> KerasReleases:
    """The heaviest admissions decide; a lighter one counts only if it contradicts them.

    Where each of these has an install without a version, no version is given.
    """
    top = max(item.weight for item in admissions)
    deciding = [item for item in admissions if item.weight is top]
    if all(item.bare for item in deciding):
        bare = _distinct(statement for item in deciding for statement in item.bare)
        deciding = [_Admission((ANY,), Weight.BARE, bare)]
    contradicts = any(item.contradicts for item in deciding) or any(
        disjoint(one.alternatives, other.alternatives) for one, other in combinations(deciding, 2)
    )
    whole = unite(part for item in deciding for part in item.alternatives)
    opposed = [item for item in admissions if Weight.IMPLIED < item.weight < top and disjoint(item.alternatives, whole)]
    # An explicit condition always decides over one that follows from a TensorFlow, even if they contradict.
    deciding += opposed
    whole = unite((*whole, *(part for item in opposed for part in item.alternatives)))
    weight = min(item.weight for item in deciding)
    statements = [statement for item in deciding for statement in item.statements]
    brought = [f"{one.condition.distribution}{as_text(one.condition.alternatives)}" for one in statements]
    explicit = any(statement.condition.distribution == "keras" for statement in statements)
    hints = [item for item in admissions if item.weight is Weight.HINT < top]
    exact = weight >= Weight.EXACT and all(is_exact(item) for item in whole)
    evidence = dict.fromkeys(statement.evidence for statement in statements)
    versions = measured_in(whole)
    return KerasReleases(
        admitted=as_text(whole) if weight is not Weight.BARE else "",
        versions=versions,
        admits_others=admits_keras_2(whole),
        newest=versions[-1] if versions else None,
        strength="bare" if weight is Weight.BARE else "exact" if exact else "range",
        evidence=tuple(evidence),
        contradicts=contradicts or bool(opposed),
        brought_by="" if explicit or weight is Weight.BARE else brought[0],
        hinted=_decide(hints) if hints else None,
    )


def _of_file(statements: Sequence[Statement], constraints: Sequence[Statement], python: str) -> _Admission | None:
    """The union over the installs that the file allows: the base, and the base with each group.

    A group of a lock file only chooses between the versions that it gives for one distribution. Any other group is an
    install of its own, whose Keras counts also where another group says more of it.
    """
    options = [
        found for option in _options(statements) if (found := _of_option(option, constraints, python)) is not None
    ]
    if not options:
        return None
    if not all(item.role is Role.LOCKS for item in statements):
        return _united(options)
    top = max(option.weight for option in options)
    return _united([option for option in options if option.weight >= min(top, Weight.RANGE)])


def _of_option(option: Sequence[Statement], constraints: Sequence[Statement], python: str) -> _Admission | None:
    """The union over the sets of markers that are true together; a version of Keras on one platform counts for all."""
    admissions = [
        _of_install(install)
        for install in _installs((*option, *constraints), python)
        if any(statement in option for statement in install)
    ]
    if not admissions:
        return None
    top = max(admission.weight for admission in admissions)
    least = Weight.BARE if top is Weight.IMPLIED else min(top, Weight.RANGE)
    return _united([admission for admission in admissions if admission.weight >= least])


def _united(counted: Sequence[_Admission]) -> _Admission:
    """The union of these installs of one file."""
    versioned = [item for item in counted if item.weight is not Weight.BARE] or counted
    whole = unite(part for item in versioned for part in item.alternatives)
    least = min(max(item.weight for item in versioned), Weight.RANGE)
    named = [item for item in versioned if set(item.alternatives) & set(whole)]
    return _Admission(
        whole,
        min(item.weight for item in versioned if item.weight >= least),
        _distinct(statement for item in named for statement in item.statements),
        any(item.contradicts for item in named),
        _distinct(statement for item in counted for statement in item.bare),
    )


def _distinct(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(dict.fromkeys(statements))


def _options(statements: Sequence[Statement]) -> list[tuple[Statement, ...]]:
    """The base by itself, and the base with each group."""
    base = tuple(item for item in statements if not item.condition.group)
    groups = dict.fromkeys(item.condition.group for item in statements if item.condition.group)
    options = [base] if base else []
    return options + [(*base, *(item for item in statements if item.condition.group == group)) for group in groups]


def _installs(statements: Sequence[Statement], python: str) -> list[tuple[Statement, ...]]:
    """The statements whose markers are true at the same time, for each platform."""
    installs = dict.fromkeys(
        tuple(item for item in statements if not item.condition.marker or item.condition.marker in markers)
        for markers in true_together((item.condition.marker for item in statements), python)
    )
    return [install for install in installs if install]


def _of_install(statements: Sequence[Statement]) -> _Admission:
    """The versions that satisfy all of the statements; their union if they contradict each other."""
    overriding = {item.condition.distribution for item in statements if item.condition.overrides}
    statements = [
        item for item in statements if item.condition.overrides or item.condition.distribution not in overriding
    ]
    named = [item for item in statements if item.condition.distribution == "keras"]
    versioned = [item for item in named if not item.condition.bare]
    # The Keras of a TensorFlow that was never released, such as "===head", is not known.
    bundles = {
        item: keras
        for item in statements
        # A tensorflow-gpu decides which Keras is installed even without a version.
        if item not in named and (not item.condition.bare or item.condition.distribution == "tensorflow-gpu")
        if (keras := keras_of(item.condition.distribution, item.condition.alternatives))
    }
    if not versioned and not bundles:
        return _Admission((ANY,), Weight.BARE, tuple(statements), bare=tuple(statements))
    brought, clashing = _intersection(list(bundles.values()))
    if not versioned:
        hint = all(item.role is Role.HINTS for item in bundles)
        return _Admission(brought, Weight.HINT if hint else Weight.IMPLIED, tuple(bundles), clashing)
    admitted, contradicts = _intersection([item.condition.alternatives for item in versioned])
    weight = _weight(versioned, admitted)
    narrowed = intersect(admitted, brought) if bundles else admitted
    if narrowed and measured_in(narrowed) != measured_in(admitted):
        return _Admission(narrowed, weight, (*versioned, *bundles), contradicts)
    deciding = tuple(versioned) if contradicts else _decisive(versioned, admitted)
    return _Admission(admitted, weight, deciding, contradicts)


def _decisive(statements: Sequence[Statement], admitted: Sequence[SpecifierSet]) -> tuple[Statement, ...]:
    """The one statement that allows just what all of them together allow, else all of them."""
    for statement in statements:
        if unite((*admitted, *statement.condition.alternatives)) == tuple(admitted):
            return (statement,)
    return tuple(statements)


def _intersection(parts: Sequence[tuple[SpecifierSet, ...]]) -> tuple[tuple[SpecifierSet, ...], bool]:
    """The intersection and False; if that is empty, the union and True."""
    if not parts:
        return (), False
    whole = parts[0]
    for part in parts[1:]:
        whole = intersect(whole, part)
    if whole:
        return whole, False
    return unite(item for part in parts for item in part), True


def _weight(statements: Sequence[Statement], admitted: Sequence[SpecifierSet]) -> Weight:
    if all(item.role is Role.LOCKS for item in statements):
        return Weight.LOCK
    if all(item.role is Role.HINTS for item in statements):
        return Weight.HINT
    return Weight.EXACT if all(is_exact(item) for item in admitted) else Weight.RANGE
