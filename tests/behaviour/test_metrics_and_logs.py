"""The functions about metrics, called models and logs agree with the measured table."""

from __future__ import annotations

import pytest
from packaging.version import Version

from keraslint.behaviour.logged_metrics import metric_logs
from keraslint.behaviour.measured.cases import Case
from keraslint.behaviour.measured.table import RaisedOutcome, TrainedOutcome, load
from keraslint.behaviour.measured.verdict import lost_metrics, metric_is_wrong, tokens_in
from keraslint.behaviour.metrics_and_logs import called_values, logs_losses, metric_targets
from keraslint.behaviour.structure import Leaf, Named, Positional, Structure

TABLE = load()
METERED = [case for case in TABLE.cases if (case.metrics or case.weighted_metrics) and case.y == "dict"]
CASES = [case for case in METERED if case.outputs.container != "odict"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_metrics_get_the_targets_that_were_seen(case: Case) -> None:
    y = case.y_structure
    assert isinstance(y, Named)
    for span in TABLE.spans(case):
        if isinstance(span.outcome, TrainedOutcome) and span.outcome.metrics:
            for release in (span.first, span.last):
                targets = metric_targets(release, case.outputs, y)
                assert {one.output: targets[one.output] for one in span.outcome.metrics} == {
                    one.output: one.target for one in span.outcome.metrics
                }


@pytest.mark.parametrize("case", [it for it in TABLE.cases if it.metrics or it.weighted_metrics], ids=str)
def test_metrics_are_logged_under_the_names_that_were_seen(case: Case) -> None:
    if not case.outputs.functional:
        return
    metrics, weighted = (_starred(part) for part in (case.metrics_structure, case.weighted_metrics_structure))
    for span in TABLE.spans(case):
        if isinstance(span.outcome, TrainedOutcome):
            seen = [
                one.log for one in span.outcome.metrics if one.log is not None
            ]  # one object that ran twice has none
            asked = {*tokens_in(case.metrics_structure), *tokens_in(case.weighted_metrics_structure)}
            for release in (span.first, span.last):
                logs = metric_logs(release, case.outputs, metrics, weighted)
                assert logs is not None
                assert set(seen) <= set(logs)
                assert len(set(logs)) == len(logs)
                assert (
                    len(seen) == len(logs)
                    or case.outputs.shares_names
                    or lost_metrics(case, span.outcome)
                    or len(asked) == 1
                ), span


def _starred(metrics: Structure) -> Structure:
    if isinstance(metrics, Named):
        return Named(tuple((key, _starred(value)) for key, value in metrics.entries), metrics.ordered)
    if isinstance(metrics, Positional):
        return Positional(tuple(map(_starred, metrics.items)), metrics.kind)
    return Leaf("*") if isinstance(metrics, Leaf) else metrics


def test_most_cases_with_metrics_train() -> None:
    raising = {
        str(case) for case in CASES if all(isinstance(span.outcome, RaisedOutcome) for span in TABLE.spans(case))
    }
    assert len(raising) < len(CASES) / 4


def test_metrics_of_ordered_outputs_go_astray_from_3_1_0_to_3_6_0_and_are_not_modelled() -> None:
    affected = tuple(it for it in TABLE.releases if Version("3.1.0") <= it <= Version("3.6.0"))
    cases = [case for case in METERED if case.outputs.container == "odict" and case.metrics == "dict"]
    for case in cases:
        for release in affected:
            seen = TABLE.outcome(case, release)
            assert isinstance(seen, TrainedOutcome)
            assert any(metric_is_wrong(case, one) for one in seen.metrics), (case, release)
    assert len(cases) >= 2


@pytest.mark.parametrize("release", TABLE.releases, ids=str)
def test_a_called_model_exchanges_where_that_was_seen(release: Version) -> None:
    outputs = Case("odict", "dict", "dict").outputs
    values = called_values(release, outputs)
    wrong = any(key != value for key, value in values.items())
    assert set(values) == set(outputs.keys)
    assert wrong == (release in TABLE.releases_that_exchange_values("odict"))
    assert all(key == value for key, value in called_values(release, Case("dict", "dict", "dict").outputs).items())


@pytest.mark.parametrize("release", TABLE.releases, ids=str)
def test_losses_are_logged_where_that_was_seen(release: Version) -> None:
    outcome = TABLE.outcome(Case("list", "dict", "list"), release)
    assert isinstance(outcome, TrainedOutcome)
    assert logs_losses(release) == bool(outcome.logs)


@pytest.mark.parametrize("case", TABLE.cases, ids=str)
def test_losses_are_logged_by_the_labels_of_the_outputs(case: Case) -> None:
    """That holds where each of several outputs has one loss."""
    outputs = case.outputs
    if len(outputs.names) < 2 or not outputs.functional or outputs.container == "odict":
        return
    for span in TABLE.spans(case):
        outcome = span.outcome
        if isinstance(outcome, TrainedOutcome) and all(len(one.losses) == 1 for one in outcome.deliveries):
            for release in (span.first, span.last):
                assert set(outcome.logs) == (set(outputs.addresses) if logs_losses(release) else set())
