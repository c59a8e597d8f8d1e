"""route() against what forty real releases were measured to do: measured/verdicts.json, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.version import Version

from keraslint.behaviour.intent import intended
from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import (
    ABSENT,
    Leaf,
    Named,
    NotKnown,
    Outputs,
    Positional,
    Raises,
    Routed,
    Structure,
)

pytestmark = pytest.mark.slow

DATA = json.loads((Path(__file__).parent / "measured" / "verdicts.json").read_text())

# The releases that the full part was measured on; its ranges run over the releases between them.
FULL = tuple(map(Version, ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.14.0", "3.15.1")))

# The models: the names of their outputs in declared order, and the keys of a dict of outputs.
MODELS = {
    "F-list-NA": Outputs("list", ("out_small", "out_big")),
    "F-list-AL": Outputs("list", ("out_big", "out_small")),
    "F-tuple-NA": Outputs("tuple", ("out_small", "out_big")),
    "F-list-3rot": Outputs("list", ("c", "a", "b")),
    "F-list-case": Outputs("list", ("a", "B")),
    "F-list-num": Outputs("list", ("out_2", "out_10")),
    "F-list-submodels": Outputs("list", ("tower_z", "tower_a")),
    "F-list-autonames": Outputs("list", ("multiply", "dense")),
    "Sub-list": Outputs("list", (None, None), functional=False),
    "Sub-tuple": Outputs("tuple", (None, None), functional=False),
    "F-dict-NA": Outputs("dict", ("out_small", "out_big"), ("out_small", "out_big")),
    "F-dict-AL": Outputs("dict", ("out_big", "out_small"), ("out_big", "out_small")),
    "F-odict-NA": Outputs("odict", ("out_small", "out_big"), ("out_small", "out_big")),
    "F-dict-key!=layer-NA": Outputs("dict", ("o1", "o2"), ("s", "b")),
    "F-dict-key!=layer-AL": Outputs("dict", ("o2", "o1"), ("b", "s")),
    "F-dict-swapped": Outputs("dict", ("y", "x"), ("x", "y")),
    "F-dict-3rot": Outputs("dict", ("c", "a", "b"), ("c", "a", "b")),
    "Sub-dict-NA": Outputs("dict", (None, None), ("z", "a"), functional=False),
    "Sub-dict-AL": Outputs("dict", (None, None), ("a", "z"), functional=False),
    "Sub-odict-NA": Outputs("odict", (None, None), ("z", "a"), functional=False),
}
# A subclassed model that returns a list has no names; the measurement used these as keys of its dicts.
KEYS = {"Sub-list": ("z", "a"), "Sub-tuple": ("z", "a")}


@dataclass(frozen=True)
class Cell:
    """One measured case on one release."""

    case: str
    release: Version
    verdict: str

    @property
    def model(self) -> str:
        return self.case.split("|")[0]

    @property
    def fields(self) -> dict[str, str]:
        return dict(part.split("=") for part in self.case.split("|")[1:])

    @property
    def keys(self) -> tuple[str, ...]:
        return KEYS.get(self.model, MODELS[self.model].labels)


def cells(release: Version) -> Iterator[Cell]:
    """Every cell of a release without metrics and class weights."""
    for part, releases in (("key", MEASURED), ("full", FULL)):
        if release not in releases:
            continue
        for case, by_range in DATA[part].items():
            if any(field in case for field in ("|met=", "|wmet=", "|cw=")):
                continue
            spans = (span.partition("..") for span in by_range)
            first, _, last = next(span for span in spans if Version(span[0]) <= release <= Version(span[2] or span[0]))
            yield Cell(case, release, by_range[f"{first}..{last}" if last else first])


def arranged(form: str, values: dict[str, Structure], keys: tuple[str, ...]) -> Structure:
    """The values by key in the container that a form of the measurement names."""
    if form.startswith(("list", "tuple")):
        order = sorted(keys) if form.endswith("S") else keys
        return Positional(tuple(values[key] for key in order), "list" if form.startswith("list") else "tuple")
    order = tuple(reversed(keys)) if form.endswith("rev") else keys
    return Named(tuple((key, values[key]) for key in order), form.startswith("odict"))


def loss_of(cell: Cell) -> tuple[Structure, dict[str, tuple[str, ...]]]:
    """The loss argument, and the losses that it means for each output."""
    form, keys = cell.fields["loss"], cell.keys
    losses: dict[str, Structure] = {key: Leaf(key) for key in keys}
    meant: dict[str, tuple[str, ...]] = {key: (key,) for key in keys}
    if form == "dictlayer":
        names = MODELS[cell.model].names
        return Named(tuple((str(name), losses[key]) for name, key in zip(names, keys, strict=True))), meant
    if form == "single":
        return Leaf("*"), dict.fromkeys(keys, ("*",))
    if form in ("part0", "part1", "partlast2"):
        kept = {"part0": keys[:1], "part1": keys[1:2], "partlast2": keys[1:]}[form]
        return Named(tuple((key, losses[key]) for key in kept)), {key: (key,) for key in kept}
    if form in ("none0", "none1", "listnone0", "listnone1"):
        without = keys[int(form[-1])]
        losses[without] = ABSENT
        meant.pop(without)
        return arranged("list" if form.startswith("list") else "dict", losses, keys), meant
    if form == "extra":
        return Named((*((key, losses[key]) for key in keys), ("bogus", Leaf("bogus")))), meant
    if form == "lval1":
        return Named(tuple((key, Positional((losses[key],))) for key in keys)), meant
    if form == "lval2":
        values = {key: Positional((losses[key],)) for key in keys}
        values[keys[0]] = Positional((losses[keys[0]], Leaf("second")))
        return Named(tuple(values.items())), meant | {keys[0]: (keys[0], "second")}
    if form == "lvalwhole":
        return Positional(tuple(Named(((key, losses[key]),)) for key in keys)), meant
    return arranged(form, losses, keys), meant


def target_of(cell: Cell, meant: dict[str, tuple[str, ...]]) -> Structure:
    form, keys = cell.fields["y"], cell.keys
    targets: dict[str, Structure] = {key: Leaf(f"y of {key}") for key in keys}
    if form == "dictlayer":
        names = MODELS[cell.model].names
        return Named(tuple((str(name), targets[key]) for name, key in zip(names, keys, strict=True)))
    if form == "ypart":
        return Named(tuple((key, targets[key]) for key in keys if key in meant))
    if form == "yextra":
        return Named((*targets.items(), ("aaa", Leaf("y of nobody"))))
    return arranged(form, targets, keys)


def weight_of(cell: Cell) -> tuple[Structure, dict[str, float]]:
    form, keys = cell.fields.get("lw"), cell.keys
    numbers = {key: 2.0 + 3.0 * index for index, key in enumerate(keys)}
    if form is None:
        return ABSENT, dict.fromkeys(keys, 1.0)
    if form == "part":
        last = keys[-1]
        return Named(((last, Leaf(numbers[last])),)), dict.fromkeys(keys, 1.0) | {last: numbers[last]}
    if form == "intdict":
        return Named(tuple((key, Leaf(int(number))) for key, number in numbers.items())), numbers
    return arranged(form, {key: Leaf(number) for key, number in numbers.items()}, keys), numbers


def sample_weight_of(cell: Cell) -> tuple[Structure, dict[str, float]]:
    form, keys = cell.fields.get("sw"), cell.keys
    numbers = {key: 2.0 + 3.0 * index for index, key in enumerate(keys)}
    if form is None:
        return ABSENT, dict.fromkeys(keys, 1.0)
    if form == "array":
        return Leaf(4.0), dict.fromkeys(keys, 4.0)
    return arranged(form, {key: Leaf(number) for key, number in numbers.items()}, keys), numbers


def letters(cell: Cell, routed: Routed, meant: dict[str, tuple[str, ...]], weights: dict[str, float]) -> set[str]:
    """The letters that the measurement's judge would give to these deliveries."""
    found: set[str] = set()
    label_to_key = dict(zip(MODELS[cell.model].labels, cell.keys, strict=True))
    effective = dict.fromkeys(cell.keys, 0.0)
    by_output = {}
    ran = set()
    for delivery in routed.deliveries:
        output = label_to_key[delivery.output]
        if not delivery.losses:
            continue
        factor = float(delivery.weight) * float(1.0 if delivery.sample_weight is None else delivery.sample_weight)
        by_output[output] = factor
        found |= {"Y"} if delivery.target != f"y of {output}" else set()
        found |= {"X"} if output not in meant else set()
        for loss in delivery.losses:
            ran.add(loss)
            if loss in cell.keys:
                effective[loss] += factor
                found |= {"L"} if loss != output else set()
                found |= {"X"} if loss not in meant else set()
            found |= {"X"} if loss == "bogus" else set()
    for output, losses in meant.items():
        for loss in losses:
            if loss == "*":
                found |= {"D"} if output not in by_output else set()
            elif loss not in ran:
                found |= {"D2"} if loss == "second" else {"D"}
    wrong = "S" if cell.fields.get("sw") and not cell.fields.get("lw") else "W"
    if cell.fields["loss"] == "single":
        found |= {wrong} if any(by_output.get(key) != weights[key] for key in meant) else set()
    elif "D" not in found:
        found |= {wrong} if any(effective[key] != weights[key] for key in meant) else set()
    return found


def verdict_of_route(cell: Cell) -> str:
    routed = route(cell.release, *arguments_of(cell))
    if isinstance(routed, Raises):
        return "error"
    if isinstance(routed, NotKnown):
        return f"not known: {routed.why}"
    weights, samples = weight_of(cell)[1], sample_weight_of(cell)[1]
    factors = {key: weights[key] * samples[key] for key in cell.keys}
    return "+".join(sorted(letters(cell, routed, loss_of(cell)[1], factors))) or "ok"


def arguments_of(cell: Cell) -> tuple[Outputs, Structure, Structure, Structure, Structure]:
    loss, meant = loss_of(cell)
    return MODELS[cell.model], loss, weight_of(cell)[0], target_of(cell, meant), sample_weight_of(cell)[0]


def measured_verdict(cell: Cell) -> str:
    """The verdict without the letters about logs and metrics."""
    kept = [letter for letter in cell.verdict.split("+") if not letter.startswith(("M", "N"))]
    return "+".join(kept) or "ok"


def has_names(cell: Cell) -> bool:
    """True if the keys of the dicts name outputs: a subclassed model that returns a list has no names."""
    return cell.model not in KEYS


def is_sorted_list(cell: Cell) -> bool:
    """True if an argument is a list in sorted order: the measurement, unlike intended(), takes that as meant."""
    return any(form.endswith("S") for form in cell.fields.values())


# By numbers, route() is right in these. Their losses are all the same function, so the measurement saw only
# the total (before 3.5.0 no release logs the loss of each output, and a model without names never gets such a
# log), and a permutation of the weights leaves the total as it is.
BLIND = {
    **{
        (case, release): "ok"
        for case in ("F-dict-NA|loss=single|y=dict|lw=list", "Sub-dict-NA|loss=single|y=dict|lw=list")
        for release in MEASURED
        if release <= Version("3.4.1")
    },
    ("F-dict-NA|loss=single|y=dict|lw=tuple", Version("3.4.1")): "ok",
    ("F-dict-3rot|loss=single|y=dict|lw=list", Version("3.4.1")): "ok",
    **{
        (f"Sub-list|loss=single|y={y}|lw={weights}", Version(release)): verdict
        for y, verdict in (("list", "ok"), ("dict", "Y"))
        for weights in ("dict", "dictrev", "intdict")
        for release in ("3.5.0", "3.6.0")
    },
}


@pytest.mark.parametrize("release", MEASURED, ids=str)
def test_route_gives_the_measured_verdict_of_every_cell(release: Version) -> None:
    checked = 0
    wrong = []
    for cell in cells(release):
        seen, modelled = measured_verdict(cell), verdict_of_route(cell)
        checked += 1
        if seen != modelled and (cell.case, release) not in BLIND:
            wrong.append(f"{cell.case}: measured {seen}, route() {modelled}")
    assert not wrong
    assert checked >= 395


def test_each_cell_listed_as_blind_is_one() -> None:
    listed = {
        (cell.case, release): measured_verdict(cell)
        for release in MEASURED
        for cell in cells(release)
        if (cell.case, release) in BLIND
    }
    assert listed == BLIND
    for (case, release), verdict in BLIND.items():
        assert verdict_of_route(Cell(case, release, verdict)) == {"ok": "W", "Y": "W+Y"}[verdict]


@pytest.mark.parametrize("release", MEASURED, ids=str)
def test_route_differs_from_named_where_a_cell_is_measured_as_wrong_and_nowhere_else(
    release: Version,
) -> None:
    wrong = []
    for cell in cells(release):
        if (cell.case, release) in BLIND or not has_names(cell) or is_sorted_list(cell):
            continue
        arguments = arguments_of(cell)
        routed, meant = route(release, *arguments), intended(*arguments)
        if isinstance(routed, Raises):
            continue
        assert isinstance(meant, Routed), cell
        if (routed == meant) != (measured_verdict(cell) == "ok"):
            wrong.append(f"{cell.case}: measured {cell.verdict}, {routed} against {meant}")
    assert not wrong


def test_the_measured_releases_are_those_of_the_data() -> None:
    assert [str(release) for release in MEASURED] == DATA["releases"]
