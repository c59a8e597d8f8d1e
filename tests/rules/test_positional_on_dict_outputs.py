from __future__ import annotations

from pathlib import Path

import pytest

import keraslint

from .conftest import MODEL, Check

CODE = "KER107"

NAMED_FIT = 'named.fit(x, {"small": p, "big": q})\n'
LOSSES = f'named.compile("adam", [loss_small, loss_big])\n{NAMED_FIT}'
WEIGHTS = f'named.compile("adam", "mse", loss_weights=[w_small, w_big])\n{NAMED_FIT}'
TARGETS = 'named.compile("adam", "mse")\nnamed.fit(x, [y_small, y_big])\n'
VALIDATION = 'named.compile("adam", "mse")\nnamed.fit(x, [y_big, y_small], validation_data=(x, [y_small, y_big]))\n'
PLAIN = f'named.compile("adam", ["mse", "mae"])\n{NAMED_FIT}'


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (
            LOSSES,
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) gives a list of losses to the outputs by their sorted keys: "
            "'loss_big' trains 'small', 'loss_small' trains 'big'; pass a plain dict",
        ),
        (
            LOSSES,
            "keras<4,>=3",
            "Keras 3.0.0 to 3.15.1 (requirements.txt:1) give a list of losses to the outputs by their sorted keys: "
            "'loss_big' trains 'small', 'loss_small' trains 'big'; pass a plain dict",
        ),
        (
            WEIGHTS,
            "keras==3.6.0",
            "Keras 3.6.0 (requirements.txt:1) gives a list of loss weights to the outputs by their sorted keys: "
            "'small' gets w_big instead of w_small, 'big' gets w_small instead of w_big; pass a plain dict",
        ),
        (
            TARGETS,
            "keras==3.6.0",
            "Keras 3.6.0 (requirements.txt:1) gives a list of targets to the outputs by their sorted keys: "
            "'small' is trained on 'y_big', 'big' is trained on 'y_small'; pass a plain dict",
        ),
    ],
)
def test_what_the_names_say(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.message == message


def test_each_list_of_targets_counts(check: Check) -> None:
    (diagnostic,) = check(CODE, VALIDATION)
    assert diagnostic.span.start.column == VALIDATION.splitlines()[1].rindex("[") + 1


@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        f'named.compile("adam", [loss_big, loss_small])\n{NAMED_FIT}',
        'named.compile("adam", "mse")\nnamed.fit(x, [p, q])\n',
        'model.compile("adam", [loss_small, loss_big])\nmodel.fit(x, [y_small, y_big])\n',
        'keras.Model(inputs, {"big": big, "small": small}).compile("adam", [loss_big, loss_small])\n',
    ],
)
def test_nothing_without_a_contradiction(check: Check, body: str) -> None:
    assert check(CODE, body, "keras") == []


def in_full(body: str, keras: str, *select: str) -> list[str]:
    found = keraslint.check_source(MODEL + body, "train.py", keras, select=select)
    return [one.message for one in found if one.code == CODE]


@pytest.mark.parametrize("select", ["KER107", "ALL"])
def test_selected_by_its_code_it_goes_by_the_order_of_the_outputs(select: str) -> None:
    (message,) = in_full(PLAIN, "3.15.1", select)
    assert "'mae' trains 'small', 'mse' trains 'big'" in message
    assert in_full(PLAIN, "3.15.1", "KER1") == []


def test_names_count_for_more_than_the_order() -> None:
    assert in_full(f'named.compile("adam", [loss_big, loss_small])\n{NAMED_FIT}', "3.15.1", "KER107") == []


def test_in_full_it_finds_what_the_other_rule_leaves() -> None:
    body = f'named.compile("adam", {{"big": "mae", "small": "mse"}}, loss_weights=[1.0, 0.5])\n{NAMED_FIT}'
    assert len(in_full(body, "3.15.1", "KER107")) == 1
    assert in_full(body.replace('"big": "mae", "small": "mse"', '"small": "mse", "big": "mae"'), "3.15.1", "ALL") == []


def test_it_is_ignored_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "keraslint.toml").write_text('select = ["ALL"]\nignore = ["KER107"]\nkeras-version = "3.15.1"\n')
    (tmp_path / "train.py").write_text(MODEL + LOSSES)
    assert keraslint.check_paths([str(tmp_path)]) == []


def test_outputs_in_an_ordered_dict_are_taken_in_its_order_from_3_7_0_on(check: Check) -> None:
    ordered = "named = keras.Model(inputs, OrderedDict(small=small, big=big))\n"
    (diagnostic,) = check(CODE, ordered + TARGETS, "keras>=3")
    assert "allows 3.0.0 to 3.6.0, which give a list of targets" in diagnostic.message
    assert "'small' is trained on 'y_big', 'big' is trained on 'y_small'" in diagnostic.message
    assert check(CODE, ordered + TARGETS, "keras>=3.7") == []


def test_targets_for_the_outputs_that_have_a_loss(check: Check) -> None:
    model = 'many = keras.Model(inputs, {"small": small, "a": tiny, "big": big})\n'
    fit = 'many.compile("adam", {"small": "mse", "big": "mae"})\nmany.fit(x, [y_small, y_big])\n'
    (diagnostic,) = check(CODE, model + fit, "keras>=3.6")
    assert "'small' is trained on 'y_big', 'big' is trained on 'y_small'" in diagnostic.message
    assert check(CODE, model + fit.replace("[y_small, y_big]", "[y_big, y_small]"), "keras>=3.6") == []


def test_an_output_that_nothing_trains_has_no_target() -> None:
    model = 'many = keras.Model(inputs, {"small": small, "a": tiny, "big": big})\n'
    body = model + 'many.compile("adam", ["mse", None, "mae"])\nmany.fit(x, [p, q, r])\n'
    (losses,) = in_full(body, "3.6.0", "KER107")
    assert "give each output a loss in a dict, with loss weight 0.0 where you want none" in losses


@pytest.mark.parametrize(
    "exchange",
    [
        "y_small, y_big = y_big, y_small\n",
        "y_small = other.y_big\n",
        'held = {"small": y_big, "big": y_small}\n',
        'big, small = results["small"], results["big"]\n',
        "def load():\n    return y_big, y_small\n\ny_small, y_big = load()\n",
        "def show(small, big):\n    print(small, big)\n\nshow(y_big, y_small)\n",
        "show(small=y_big, big=y_small)\n",
        'held = {}\nheld["small"] = y_big\n',
    ],
)
def test_names_say_nothing_where_the_program_exchanges_them(check: Check, exchange: str) -> None:
    assert check(CODE, exchange + TARGETS) == []


@pytest.mark.parametrize(
    "other",
    [
        "y_big, y_small = load()\n",
        'held = {"small": y_small, "big": y_big}\n',
        "y_small, y_big = scale(y_small), y_big\n",
        "small_and_big = y_big\n",
        "show(y_big)\n",
    ],
)
def test_names_that_are_not_exchanged(check: Check, other: str) -> None:
    assert len(check(CODE, other + TARGETS)) == 1
