"""The judge of what was recorded, on reports written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from .routing import Call, Delivery, format_table, read_run

LOSSES = {"kind": "dict", "leaves": [[["small"], "mse", 1], [["big"], "mae", 2]]}
NO_WEIGHTS: dict[str, Any] = {"kind": "none", "leaves": [[[], None]]}


def arrival(output: int, loss: list[Any], weight: float = 1.0, target: Any = None) -> dict[str, Any]:
    place = [output] if target is None else [target]
    return {"output": output, "loss": loss, "weight": weight, "target": place, "sample_weight": None}


def report(arrivals: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    record = {
        "call": {"name": "fit", "row": 7},
        "container": "list",
        "outputs": ["small", "big"],
        "loss": LOSSES,
        "loss_weights": NO_WEIGHTS,
        "y": "list",
        "targets": 2,
        "sample_weight": "none",
        "arrivals": arrivals,
        **changes,
    }
    return {"end": "ok", "sites": [{"row": 3, "error": None, "records": [record]}]}


def verdict(arrivals: list[dict[str, Any]], **changes: Any) -> str:
    return read_run(report(arrivals, **changes)).sites[0].verdict


def test_each_loss_at_the_output_it_names_is_ok() -> None:
    run = read_run(report([arrival(1, ["big"]), arrival(0, ["small"])]))
    (only,) = run.sites[0].rounds
    assert run.sites[0].verdict == "ok"
    assert only.call == Call("fit", 7)
    assert only.table == (
        Delivery("small", ("mse",), (1.0,), ("small",)),
        Delivery("big", ("mae",), (1.0,), ("big",)),
    )


def test_exchanged_losses() -> None:
    exchanged = [arrival(0, ["big"]), arrival(1, ["small"])]
    assert verdict(exchanged) == "misrouted-loss"
    same = {"kind": "dict", "leaves": [[["small"], "mse", 1], [["big"], "mse", 1]]}
    assert verdict(exchanged, loss=same) == "equal-losses"


def test_a_loss_that_reaches_no_output_is_misrouted() -> None:
    assert verdict([arrival(0, ["small"])]) == "misrouted-loss"


def test_an_output_without_a_loss_is_ok_where_none_was_named() -> None:
    one = {"kind": "dict", "leaves": [[["small"], "mse", 1], [["big"], "None", 0]]}
    assert verdict([arrival(0, ["small"])], loss=one) == "ok"


def test_exchanged_weights() -> None:
    weights = {"kind": "dict", "leaves": [[["small"], 0.25], [["big"], 4.0]]}
    right = [arrival(0, ["small"], 0.25), arrival(1, ["big"], 4.0)]
    wrong = [arrival(0, ["small"], 4.0), arrival(1, ["big"], 0.25)]
    assert verdict(right, loss_weights=weights) == "ok"
    assert verdict(wrong, loss_weights=weights) == "misrouted-weights"


def test_a_weight_that_was_named_for_one_output_only() -> None:
    weights = {"kind": "dict", "leaves": [[["small"], 0.25]]}
    assert verdict([arrival(0, ["small"], 0.25), arrival(1, ["big"])], loss_weights=weights) == "ok"
    both = [arrival(0, ["small"], 0.25), arrival(1, ["big"], 0.25)]
    assert verdict(both, loss_weights=weights) == "misrouted-weights"


def test_exchanged_targets() -> None:
    right = [arrival(0, ["small"], target="small"), arrival(1, ["big"], target="big")]
    wrong = [arrival(0, ["small"], target="big"), arrival(1, ["big"], target="small")]
    assert verdict(right, y="dict") == "ok"
    assert verdict(wrong, y="dict") == "misrouted-target"


def test_exchanged_sample_weights() -> None:
    pair = [arrival(0, ["small"]), arrival(1, ["big"])]
    pair[0]["sample_weight"], pair[1]["sample_weight"] = ["big"], ["small"]
    assert verdict(pair, sample_weight="dict") == "misrouted-sample-weight"
    assert verdict(pair, sample_weight="leaf") == "ok"


def test_positions_mean_sorted_keys_on_a_dict_of_outputs() -> None:
    losses = {"kind": "tuple", "leaves": [[[0], "mae", 1], [[1], "mse", 2]]}
    by_key = [arrival(0, [1], target="small"), arrival(1, [0], target="big")]
    assert verdict(by_key, loss=losses, container="dict", y="dict") == "ok"
    as_written = [arrival(0, [0], target="small"), arrival(1, [1], target="big")]
    assert verdict(as_written, loss=losses, container="dict", y="dict") == "misrouted-loss"


def test_any_name_fits_the_only_output() -> None:
    loss = {"kind": "dict", "leaves": [[["whatever"], "mse", 1]]}
    assert verdict([arrival(0, ["whatever"])], loss=loss, outputs=["price"], container="leaf", y="leaf") == "ok"


def test_a_call_that_never_ran_and_one_that_raised() -> None:
    never = {"end": "ok", "sites": [{"row": 3, "error": None, "records": []}]}
    raised = {"end": "ok", "sites": [{"row": 3, "error": "KeyError: 0", "records": []}]}
    assert read_run(never).sites[0].verdict == "not-run"
    assert read_run(raised).sites[0].verdict == "error: KeyError: 0"


def test_a_tensor_that_is_no_output_is_refused() -> None:
    stray = arrival(0, ["small"])
    stray["output"] = None
    with pytest.raises(ValueError, match="no output"):
        read_run(report([stray]))


def test_the_table_for_a_reader() -> None:
    (site,) = read_run(report([arrival(0, ["big"], 0.5), arrival(1, ["small"])])).sites
    assert format_table(site).splitlines() == [
        "  fit at row 7: misrouted-loss, misrouted-weights",
        "    small <- mae * 0.5, target small",
        "    big <- mse * 1, target big",
    ]
