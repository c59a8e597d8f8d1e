from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from keraslint.behaviour import known_bad
from keraslint.behaviour.known_bad_calls import KNOWN_BAD, known_bad_call, known_to_be_wrong
from keraslint.behaviour.measured.shown import Outcome, load
from keraslint.behaviour.releases import MEASURED
from keraslint.rules.shared.measured import measured

PROGRAMS = Path(__file__).parents[2] / "known_bad"


@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
def test_each_entry_has_a_program_that_was_measured_and_each_program_an_entry(backend: str) -> None:
    names = [entry.name for entry in KNOWN_BAD if entry.backend == backend]
    folder = PROGRAMS if backend == "jax" else PROGRAMS / backend
    assert sorted(names) == sorted(path.stem for path in folder.glob("*.py"))
    assert {*names} <= {*load(backend).programs}
    assert len(set(names)) == len(names)
    for text in (path.read_text(encoding="utf-8") for path in folder.glob("*.py")):
        assert text.startswith('"""')
        assert "seen" in text
        assert "meant = " in text or "meant, " in text


def test_nothing_else_was_measured() -> None:
    assert {*load().programs} == {entry.name for entry in KNOWN_BAD if entry.backend == "jax"}
    assert {*load("tensorflow").programs} <= {entry.name for entry in KNOWN_BAD}


def test_every_entry_goes_wrong_on_some_release_and_says_so_in_a_line() -> None:
    for entry in KNOWN_BAD:
        assert entry.releases()
        (line,) = measured([f"known-bad: {entry.name}"]).splitlines()[2:]
        assert line.startswith(f"- {entry.pattern}. Measured: {entry.shows}: ")
        assert all(f"/keras/issues/{issue})" in line for issue in entry.issues)


def test_the_first_entry_is_the_misrouting_of_a_dict_of_losses() -> None:
    assert KNOWN_BAD[0].releases() == known_bad.known_bad()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("checkpoint_mode", "3.0.0", "3.10.0"),
        ("plateau_mode", "3.0.0", "3.10.0"),
        ("plateau_reused", "3.11.0", "3.14.1"),
        ("steps_of_whole_dataset", "3.0.0", "3.6.0"),
        ("validation_steps_of_whole_dataset", "3.4.1", "3.6.0"),
        ("gru_recurrent_dropout", "3.4.1", "3.7.0"),
        ("activity_regularizer", "3.0.0", "3.13.2"),
        ("masked_metrics", "3.0.0", "3.11.3"),
        ("nested_sublayers", "3.0.0", "3.14.1"),
        ("train_on_batch", "3.0.0", "3.14.1"),
        ("output_padding_after_load", "3.0.0", "3.14.1"),
        ("unbuilt_weights", "3.0.0", "3.6.0"),
        ("numpy_without_inf", "3.0.0", "3.4.1"),
        ("checkpoint_h5", "3.0.0", "3.7.0"),
        ("h5_loss_alias", "3.0.0", "3.15.1"),
        ("huber_delta_after_load", "3.0.0", "3.15.1"),
        ("checkpoint_reused", "3.0.0", "3.15.1"),
        ("optimizer_lr", "3.0.0", "3.15.1"),
    ],
)
def test_the_range_of_an_entry(name: str, first: str, last: str) -> None:
    expected = tuple(one for one in MEASURED if Version(first) <= one <= Version(last))
    assert known_bad_call(name).releases() == expected


def test_an_entry_may_go_wrong_right_and_wrong_again() -> None:
    entry = known_bad_call("early_stopping_reused")
    kinds = [entry.on(Version(text)).kind for text in ("3.6.0", "3.7.0", "3.10.0", "3.11.0", "3.14.1", "3.15.0")]
    assert kinds == ["silent", "right", "right", "silent", "silent", "right"]
    assert entry.cured() == Version("3.15.0")
    assert known_bad_call("checkpoint_mode").cured() == Version("3.11.0")
    assert known_bad_call("checkpoint_reused").cured() is None


def test_an_outcome_says_how_it_is_wrong() -> None:
    kinds = {
        "silent": {"seen": 1, "meant": 2},
        "warns": {"seen": 1, "meant": 2, "warns": True},
        "right": {"seen": [1, 2], "meant": [1, 2], "warns": True},
        "raises": {"raises": "ValueError"},
    }
    outcomes = {kind: Outcome.of(data) for kind, data in kinds.items()}
    assert {kind: outcome.kind for kind, outcome in outcomes.items()} == {kind: kind for kind in kinds}
    assert list(map(str, outcomes.values())) == ["1 instead of 2", "1 instead of 2", "right", "raises ValueError"]
    assert str(Outcome.of({"seen": {"a": 1}, "meant": [0.5, 2]})) == "`a: 1` instead of `0.5, 2`"


def test_what_is_known_to_be_wrong_with_a_release() -> None:
    names = {entry.name for entry in known_to_be_wrong([Version("3.15.1")])}
    assert {"huber_delta_after_load", "checkpoint_reused"} <= names
    assert names.isdisjoint({"dict_of_losses", "checkpoint_mode", "train_on_batch"})
    assert known_to_be_wrong([]) == ()


def test_a_release_before_the_first_measured_one_has_no_outcome_of_its_own() -> None:
    table = load()
    assert table.outcome("optimizer_lr", "2.15.0") is None
    assert list(table.outcomes("optimizer_lr")) == list(table.releases)


def test_another_backend_is_named_where_it_does_something_else() -> None:
    (tensorflow,) = known_bad_call("softmax_as_logits").elsewhere().values()
    assert {outcome.kind for outcome in tensorflow.values()} == {"right"}
    assert known_bad_call("dict_of_losses").elsewhere() == {}
    (line,) = measured(["known-bad: softmax_as_logits"]).splitlines()[2:]
    assert "; with TensorFlow 2.18.1 right on 3.6.0" in line
