from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER114"

COMPILE = 'model.compile("adam", ["mse", "mae"])\n'
SAMPLES = 'sample_weight={"small": w, "big": v}'
SAME = f'model.fit(x, {{"small": p, "big": p}}, {SAMPLES})\n'
HIDDEN = f"model.fit(x, y, {SAMPLES})\n"
SWAP = "'small' gets the sample weight of 'big', 'big' gets the sample weight of 'small'"
VALIDATION = 'model.fit(x, [p, q], validation_data=(x, {"small": p, "big": p}, {"small": w, "big": v}))\n'


@pytest.mark.parametrize("body", [SAME, HIDDEN, VALIDATION])
def test_who_gets_what(check: Check, body: str) -> None:
    (diagnostic,) = check(CODE, COMPILE + body, "keras==3.6.0")
    data = " of the validation data" if body == VALIDATION else ""
    assert diagnostic.message == (
        f"Keras 3.6.0 (requirements.txt:1) sends sample weights{data} to other outputs: {SWAP}; "
        "pass targets and sample weights as tuples in output order"
    )


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        (SAME, "keras<3.5"),
        (SAME, "keras>=3.7"),
        (SAME.replace("v}", "w}"), "keras"),
        (f'model.fit(x, {{"small": p, "big": q}}, {SAMPLES})\n', "keras"),
        ("model.fit(x, [p, p], sample_weight=[w, v])\n", "keras"),
        ('model.fit(x, {"small": p, "big": p}, sample_weight=w)\n', "keras"),
        (SAME.replace("model", "named"), "keras==3.6.0"),
    ],
)
def test_nothing_where_it_is_right_or_refused_or_found_by_another_rule(
    check: Check, body: str, requirement: str
) -> None:
    assert check(CODE, COMPILE + body, requirement) == []


def test_targets_that_go_astray_are_the_finding(check: Check) -> None:
    body = f'{COMPILE}model.fit(x, {{"small": p, "big": q}}, {SAMPLES})\n'
    assert len(check("KER103", body)) == 1


def test_the_fix_puts_both_in_output_order(check: Check) -> None:
    (diagnostic,) = check(CODE, COMPILE + SAME)
    assert [(fix.style, [edit.content for edit in fix.edits]) for fix in diagnostic.fixes[:1]] == [
        ("tuple", ["(p, p)", "(w, v)"])
    ]
