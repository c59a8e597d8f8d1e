"""verdict(): right, misrouted or raises, and the table's verdicts against those measured on torch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.version import Version

from keraslint.behaviour.measured import table
from keraslint.behaviour.measured.cases import MODELS, Case
from keraslint.behaviour.measured.table import Measurement, Outcome, RaisedOutcome, TrainedOutcome
from keraslint.behaviour.measured.verdict import lost_metrics, metric_is_wrong, verdict
from keraslint.behaviour.structure import Delivery

TABLE = table.load()
TORCH = json.loads((Path(__file__).parent / "verdicts.json").read_text(encoding="utf-8"))
FULL = tuple(map(Version, ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.14.0", "3.15.1")))


def trained(*deliveries: Delivery, metrics: tuple[Measurement, ...] = ()) -> TrainedOutcome:
    return TrainedOutcome(deliveries, {}, metrics)


def delivery(
    output: str, loss: str = "", target: str = "", weight: float = 1.0, sample: float | None = None
) -> Delivery:
    return Delivery(output, (loss or output,), weight, target or output, sample)


SMALL, BIG = delivery("out_small"), delivery("out_big")
NOTHING = Delivery("out_small", (), 1.0)


@pytest.mark.parametrize(
    ("case", "outcome", "expected"),
    [
        ("list loss=dict y=list", RaisedOutcome("ValueError", "fit"), "raises"),
        ("list loss=dict y=list", trained(SMALL, BIG), "right"),
        (
            "list loss=dict y=list",
            trained(delivery("out_small", "out_big", "out_small"), delivery("out_big", "out_small", "out_big")),
            "misrouted",
        ),
        (
            "list loss=tuple y=dict",
            trained(delivery("out_small", target="out_big"), delivery("out_big", target="out_small")),
            "misrouted",
        ),
        ("list loss=dict y=list", trained(NOTHING, BIG), "misrouted"),
        ("list loss=none-first y=list", trained(NOTHING, BIG), "right"),
        ("list loss=one y=list", trained(delivery("out_small", "*"), delivery("out_big", "*")), "right"),
        ("list loss=one y=list", trained(NOTHING, delivery("out_big", "*")), "misrouted"),
        (
            "list loss=dict y=list loss_weights=dict",
            trained(delivery("out_small", weight=2.0), delivery("out_big", weight=5.0)),
            "right",
        ),
        (
            "list loss=dict y=list loss_weights=dict",
            trained(delivery("out_small", weight=5.0), delivery("out_big", weight=2.0)),
            "misrouted",
        ),
        ("list loss=dict y=list loss_weights=last", trained(SMALL, delivery("out_big", weight=5.0)), "right"),
        (
            "list loss=dict y=list sample_weight=list",
            trained(delivery("out_small", sample=5.0), delivery("out_big", sample=2.0)),
            "misrouted",
        ),
        ("dict-renamed loss=dict y=dict", trained(delivery("s"), delivery("b")), "right"),
        (
            "subclass-list loss=tuple y=dict",
            trained(
                Delivery(MODELS["subclass-list"].outputs.labels[0], ("z",), 1.0, "a"),
                Delivery(MODELS["subclass-list"].outputs.labels[1], ("a",), 1.0, "z"),
            ),
            "misrouted",
        ),
    ],
)  # fmt: skip
def test_a_verdict(case: str, outcome: Outcome, expected: str) -> None:
    assert verdict(Case.parse(case), outcome) == expected


@pytest.mark.parametrize(
    ("metric", "astray"),
    [
        (Measurement("out_small", "out_small", "out_small", None), False),
        (Measurement("out_big", "out_small", "out_small", None), True),
        (Measurement("out_small", "out_small", "out_big", None), True),
        (Measurement("out_small", "out_small", "out_small", 2.0), True),
    ],
)
def test_a_metric_belongs_to_its_output_and_that_outputs_target(metric: Measurement, astray: bool) -> None:
    case = Case.parse("list loss=dict y=dict metrics=dict")
    other = Measurement("out_big", "out_big", "out_big", None)
    assert metric_is_wrong(case, metric) == astray
    assert verdict(case, trained(SMALL, BIG, metrics=(metric, other))) == ("misrouted" if astray else "right")


def test_a_weighted_metric_gets_its_outputs_sample_weight() -> None:
    case = Case.parse("list loss=dict y=list sample_weight=list weighted_metrics=dict")
    assert not metric_is_wrong(case, Measurement("out_small", "out_small", "out_small", 2.0))
    assert metric_is_wrong(case, Measurement("out_small", "out_small", "out_small", 5.0))


def test_a_metric_that_never_runs_is_lost() -> None:
    case = Case.parse("list loss=dict y=dict metrics=dict")
    outcome = trained(SMALL, BIG, metrics=(Measurement("out_big", "out_big", "out_big", None),))
    assert lost_metrics(case, outcome) == ("out_small",)
    assert verdict(case, outcome) == "misrouted"


# What the records call a model and a form of an argument that the table calls otherwise.
TORCH_MODELS = {
    "F-list-NA": "list", "F-list-AL": "list-sorted", "F-tuple-NA": "tuple", "F-list-3rot": "list-of-three",
    "F-list-case": "list-capitals", "F-list-num": "list-numbers", "F-list-submodels": "list-of-models",
    "F-list-autonames": "list-unnamed", "Sub-list": "subclass-list", "Sub-tuple": "subclass-tuple",
    "F-dict-NA": "dict", "F-dict-AL": "dict-sorted", "F-odict-NA": "odict", "F-dict-key!=layer-NA": "dict-renamed",
    "F-dict-key!=layer-AL": "dict-renamed-sorted", "F-dict-swapped": "dict-exchanged", "F-dict-3rot": "dict-of-three",
    "Sub-dict-NA": "subclass-dict", "Sub-dict-AL": "subclass-dict-sorted", "Sub-odict-NA": "subclass-odict",
}  # fmt: skip
TORCH_FORMS = {
    "dictrev": "dict-reversed", "odictrev": "odict-reversed", "listS": "list-by-key", "tupleS": "tuple-by-key",
    "single": "one", "dictlayer": "by-layer", "part0": "first", "part1": "second", "partlast2": "not-first",
    "none0": "none-first", "none1": "none-second", "listnone0": "list-none-first", "listnone1": "list-none-second",
    "lval1": "lists", "lval2": "two-lists", "lvalwhole": "list-of-dicts", "ypart": "as-loss", "yextra": "extra",
    "part": "last", "intdict": "integers", "array": "one", "1": "dict",
}  # fmt: skip
TORCH_ARGUMENTS = {
    "loss": "loss", "y": "y", "lw": "loss_weights", "sw": "sample_weight", "met": "metrics",
    "wmet": "weighted_metrics", "cw": "class_weight",
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One cell in both records: the letters of the one, the verdict of the other."""

    case: Case
    release: Version
    letters: str
    here: str

    @property
    def there(self) -> str:
        """The letters as a verdict: N and MN, the names of logs, are not misrouting."""
        if self.letters == "error":
            return "raises"
        return "right" if set(self.letters.split("+")) <= {"ok", "N", "MN"} else "misrouted"


def as_case(text: str) -> Case:
    model, *fields = text.split("|")
    given = (field.split("=") for field in fields)
    return Case(TORCH_MODELS[model], **{TORCH_ARGUMENTS[name]: TORCH_FORMS.get(form, form) for name, form in given})


def pairs() -> Iterator[Pair]:
    """Every cell that both records hold, on the releases that the torch record was measured on."""
    known = set(TABLE.cases)
    for part, releases in (("key", TABLE.releases), ("full", FULL)):
        for text, by_range in TORCH[part].items():
            case = as_case(text)
            if case not in known or (part == "full" and text in TORCH["key"]):
                continue
            for span, letters in by_range.items():
                first, _, last = span.partition("..")
                for release in releases:
                    if Version(first) <= release <= Version(last or first):
                        yield Pair(case, release, letters, verdict(case, TABLE.outcome(case, release)))


# What explains a difference; docs/behaviour.md says more.
NO_LOSS_LEFT = "a call that leaves no loss raises on torch and trains nothing on JAX"
KEY_REMOVED_TWICE = "3.5.0 removes a key without a loss twice on JAX"
PERMUTED_WEIGHTS = "the total loss tells nothing of a permutation of weights of equal losses, and no log tells more"


def kind(pair: Pair) -> str:
    """Why the records differ in a cell; "" where nothing explains it."""
    outcome = TABLE.outcome(pair.case, pair.release)
    if isinstance(outcome, RaisedOutcome):
        dict_outputs = pair.case.outputs.container == "dict"
        partial = pair.case.loss in ("first", "second", "not-first")
        twice = str(pair.release) == "3.5.0" and outcome.error == "KeyError" and dict_outputs and partial
        return KEY_REMOVED_TWICE if twice else ""
    if pair.there == "raises":
        return NO_LOSS_LEFT if not any(delivery.losses for delivery in outcome.deliveries) else ""
    alike = pair.case.loss == "one" and pair.case.loss_weights == "list" and pair.release < Version("3.5.0")
    return PERMUTED_WEIGHTS if alike and pair.there == "right" else ""


@pytest.mark.slow
def test_the_records_of_both_backends_agree_but_for_what_is_explained() -> None:
    found = list(pairs())
    assert len(found) >= 10_900
    assert len({pair.case for pair in found}) >= 340
    differences = [(kind(pair), str(pair.case), str(pair.release)) for pair in found if pair.here != pair.there]
    assert [difference for difference in differences if not difference[0]] == []
    cases = {what: {case for found, case, _ in differences if found == what} for what, _, _ in differences}
    assert cases == {
        NO_LOSS_LEFT: {
            "dict-renamed loss=by-layer y=dict", "dict-renamed loss=by-layer y=by-layer",
            "dict-renamed-sorted loss=by-layer y=dict", "dict-renamed-sorted loss=by-layer y=by-layer",
            "list loss=none-first y=as-loss", "list loss=none-second y=list", "list loss=list-none-first y=list",
            "list loss=list-none-first y=as-loss", "dict loss=first y=as-loss", "dict loss=none-second y=dict",
            "dict loss=list-none-first y=dict", "subclass-dict loss=first y=as-loss",
            "list-sorted loss=none-first y=list", "list-sorted loss=list-none-first y=list",
            "dict-of-three loss=first y=as-loss",
        },
        KEY_REMOVED_TWICE: {
            "dict loss=first y=dict", "dict loss=first y=as-loss", "dict loss=second y=dict",
            "dict loss=second y=as-loss", "subclass-dict loss=first y=dict", "subclass-dict loss=first y=as-loss",
            "dict loss=first y=dict metrics=dict", "dict-of-three loss=first y=dict",
            "dict-of-three loss=first y=as-loss", "dict-of-three loss=not-first y=dict",
            "dict-of-three loss=not-first y=as-loss",
        },
        PERMUTED_WEIGHTS: {"dict loss=one y=dict loss_weights=list"},
    }  # fmt: skip
