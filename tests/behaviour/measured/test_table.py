"""The shipped table against route(), the list of measured releases, and what it was asked to tell."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources

import pytest
from packaging.version import Version

from keraslint.behaviour.measured import table
from keraslint.behaviour.measured.cases import FORMS, MODELS, Case
from keraslint.behaviour.measured.table import Outcome, RaisedOutcome, TrainedOutcome
from keraslint.behaviour.releases import GROUP_STARTS, MEASURED
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import Raises, Routed

TABLE = table.load()

# route() follows torch. The table was measured on JAX, where these differ: what no loss reaches trains on zero, and
# 3.5.0 removes a key without a loss twice.
NO_LOSS_LEFT = "no loss reaches any output"
V350 = Version("3.5.0")


def agrees(case: Case, release: Version, seen: Outcome) -> bool:
    said = route(
        release,
        case.outputs,
        case.loss_structure,
        case.loss_weights_structure,
        case.y_structure,
        case.sample_weight_structure,
    )
    if isinstance(seen, TrainedOutcome):
        if isinstance(said, Raises) and said.reason == NO_LOSS_LEFT:
            return not any(delivery.losses for delivery in seen.deliveries)
        return isinstance(said, Routed) and said.deliveries == seen.deliveries
    if release == V350 and seen.error == "KeyError" and isinstance(said, Routed):
        dict_outputs = case.outputs.container == "dict"
        return case.y == "extra" or (dict_outputs and case.loss in ("first", "second", "not-first"))
    return isinstance(said, Raises)


def routed_cases() -> list[Case]:
    """Those that only losses, weights and targets decide; of weights that are texts route() is not asked."""
    cases = [case for case in TABLE.cases if not (case.metrics or case.weighted_metrics or case.class_weight)]
    return [case for case in cases if not case.loss_weights.endswith("texts")]


@pytest.mark.slow
@pytest.mark.parametrize("release", MEASURED, ids=str)
def test_route_says_what_was_measured_of_every_cell(release: Version) -> None:
    wrong = [str(case) for case in routed_cases() if not agrees(case, release, TABLE.outcome(case, release))]
    assert not wrong
    assert len(routed_cases()) >= 370


@pytest.mark.parametrize("release", MEASURED, ids=str)
def test_metrics_leave_the_losses_alone(release: Version) -> None:
    for case in TABLE.cases:
        if case.metrics or case.weighted_metrics:
            seen = TABLE.outcome(case, release)
            assert isinstance(seen, RaisedOutcome) or agrees(case, release, seen), case


def test_the_measured_releases_are_those_of_the_table() -> None:
    assert TABLE.releases == MEASURED


def test_every_group_starts_where_a_cell_changes_and_no_other_release_changes_one() -> None:
    starts = {span.first for case in routed_cases() for span in TABLE.spans(case)}
    assert tuple(sorted(starts)) == GROUP_STARTS


def test_metrics_get_another_outputs_targets_on_3_14_0_only() -> None:
    def exchanged(outcome: Outcome) -> bool:
        return isinstance(outcome, TrainedOutcome) and any(one.target != one.output for one in outcome.metrics)

    assert TABLE.releases_that_exchange_metric_targets() == (Version("3.14.0"),)
    assert TABLE.releases_where(Case.parse("list loss=tuple y=list metrics=dict"), exchanged) == ()
    assert TABLE.releases_where(Case.parse("list-sorted loss=tuple y=dict metrics=dict"), exchanged) == ()


def test_no_release_before_3_5_0_logs_the_loss_of_an_output() -> None:
    assert TABLE.releases_without_loss_logs() == tuple(release for release in MEASURED if release < V350)


def test_every_release_refuses_texts_as_loss_weights() -> None:
    cases = [case for case in TABLE.cases if case.loss_weights.endswith("texts")]
    assert {case.model for case in cases} == {"list", "dict", "tensor"}
    assert all(isinstance(span.outcome, RaisedOutcome) for case in cases for span in TABLE.spans(case))


def test_ordered_outputs_are_exchanged_from_3_1_0_to_3_7_0() -> None:
    found = TABLE.releases_that_exchange_values("odict")
    assert found == tuple(release for release in MEASURED if Version("3.1.0") <= release <= Version("3.7.0"))


def test_the_logs_of_3_5_0_hide_the_exchange() -> None:
    case = Case.parse("list loss=dict y=list")
    seen = TABLE.outcome(case, V350)
    assert isinstance(seen, TrainedOutcome)
    assert [delivery.losses for delivery in seen.deliveries] == [("out_big",), ("out_small",)]
    assert seen.logs == {"out_big": "out_big", "out_small": "out_small"}


def test_a_case_reads_what_it_writes() -> None:
    for case in TABLE.cases:
        assert Case.parse(str(case)) == case
        assert case.model in MODELS
        assert {case.loss, case.y} <= set(FORMS)


def test_a_case_that_was_not_measured_is_said() -> None:
    with pytest.raises(KeyError):
        TABLE.spans(Case("list", "dict", "dict", metrics="dict", class_weight="dict"))


def test_the_file_is_small_and_each_outcome_of_it_is_used() -> None:
    text = resources.files("keraslint.behaviour.measured").joinpath("measured.json").read_text(encoding="utf-8")
    data = json.loads(text)
    assert len(text) < 100_000
    used = {number for runs in data["cells"].values() for _, number in runs}
    assert used == set(range(len(data["outcomes"])))


def test_checking_a_file_without_candidates_does_not_read_the_table() -> None:
    program = (
        "import sys, keraslint; keraslint.check_source('import keras\\n', path='a.py', keras='3.5.0');"
        "table = sys.modules.get('keraslint.behaviour.measured.table');"
        "assert table is None or table.load.cache_info().misses == 0"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
