"""Where the course of a program depends on the version, a finding names the releases on which it is surely wrong."""

from __future__ import annotations

import pytest

from keraslint import check_source
from keraslint.diagnostic import Applicability, Diagnostic, Severity

MODEL = """\
import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
NAMED = 'model.compile("sgd", loss={"small": "mse", "big": "mae"})\n'
LISTED = 'model.compile("sgd", loss=["mse", "mae"])\n'
FIT = "model.fit(x, [ys, yb])\n"


def either(condition: str, first: str = LISTED, second: str = NAMED, after: str = FIT) -> str:
    return f"{MODEL}if {condition}:\n    {first}else:\n    {second}{after}"


def said(text: str, keras: str) -> list[Diagnostic]:
    return check_source(text, "train.py", keras)


@pytest.mark.parametrize("keras", ["3.4.1", "3.5.0", "3.6.0", "3.7.0", ">=3.4", ">=3.5,<3.7"])
def test_a_dict_that_no_bad_release_reaches_is_right(keras: str) -> None:
    assert said(either('keras.__version__ in ("3.5.0", "3.6.0")'), keras) == []


def test_a_finding_names_only_the_releases_on_which_the_branch_runs() -> None:
    (one,) = said(either('keras.__version__ == "3.6.0"'), ">=3.4")
    assert one.severity is Severity.WARNING
    assert "allows 3.5.0, which sends each loss to another output" in one.message
    assert one.message.endswith("pass a tuple in output order or use keras>=3.7")


def test_it_is_an_error_if_every_admitted_release_is_wrong_whichever_branch_it_takes() -> None:
    text = either('keras.__version__ == "3.6.0"', NAMED, NAMED)
    assert [(one.code, one.severity) for one in said(text, "3.5.0")] == [("KER101", Severity.ERROR)]
    assert [(one.code, one.span.start.row) for one in said(text, "3.6.0")] == [("KER101", 9)]
    both = said(text, ">=3.5,<3.7")
    assert [(one.span.start.row, one.severity) for one in both] == [(9, Severity.WARNING), (11, Severity.WARNING)]


def test_runs_that_differ_in_something_else_are_one_finding() -> None:
    text = f"{MODEL}if keras.__version__ == '3.5.0':\n    print('old')\n{NAMED}{FIT}"
    (one,) = said(text, ">=3.5,<3.7")
    assert one.severity is Severity.ERROR
    assert "Keras 3.5.0 and 3.6.0" in one.message


@pytest.mark.parametrize("keras", ["3.5.0", "3.6.0", ">=3.4"])
@pytest.mark.parametrize("condition", ["compat.by_place(keras.__version__)", "keras.__version__ in compat.BAD"])
def test_a_condition_that_cant_be_evaluated_makes_no_finding(condition: str, keras: str) -> None:
    assert said("import compat\n" + either(condition), keras) == []
    assert said(f"import compat\n{MODEL}if {condition}:\n    raise SystemExit\n{NAMED}{FIT}", keras) == []


@pytest.mark.parametrize("keras", ["3.5.0", "3.6.0"])
def test_a_condition_that_changes_nothing_here_hides_nothing(keras: str) -> None:
    text = f"import compat\n{MODEL}if compat.check(keras.__version__):\n    print('new')\n{NAMED}{FIT}"
    assert [(one.code, one.severity) for one in said(text, keras)] == [("KER101", Severity.ERROR)]


def test_a_fix_suits_every_release_on_which_its_call_runs() -> None:
    (one,) = said(either('keras.__version__ == "3.6.0"'), "3.5.0")
    fix = one.fixes[0]
    assert (fix.style, fix.applicability) == ("tuple", Applicability.SAFE)
    assert [edit.content for edit in fix.edits] == ['("mse", "mae")']


def test_a_call_that_gets_a_list_on_other_releases_is_not_rewritten() -> None:
    text = f"{MODEL}losses = {{'small': 'mse', 'big': 'mae'}}\nif keras.__version__ == '3.6.0':\n"
    text += "    losses = ['mse', 'mae']\nmodel.compile('sgd', loss=losses)\n" + FIT
    (one,) = said(text, "3.5.0")
    assert [fix.style for fix in one.fixes] == ["safe-compile"]


def test_targets_by_name_count_on_the_releases_that_get_them() -> None:
    text = f"{MODEL}{LISTED}if keras.__version__ == '3.6.0':\n    model.fit(x, [ys, yb])\nelse:\n"
    text += '    model.fit(x, {"small": ys, "big": yb})\n'
    (one,) = said(text, ">=3.4")
    assert one.code == "KER103"
    assert "allows 3.5.0, which sends each target" in one.message


def test_a_key_that_names_nothing_counts_on_the_releases_that_get_it() -> None:
    text = either('keras.__version__ >= "3.7"', 'model.compile("sgd", loss={"smal": "mse", "big": "mae"})\n', LISTED)
    (one,) = said(text, ">=3.4")
    assert one.code == "KER105"
    assert "3.7.0 to 3.9.2" in one.message  # as texts, "3.10.0" is less than "3.7"


def test_a_monitor_counts_on_the_releases_that_watch_it() -> None:
    text = MODEL + LISTED + 'stop = keras.callbacks.EarlyStopping("small_loss", mode="min")\n'
    old = f"if keras.__version__ >= '3.5':\n    {FIT}else:\n    model.fit(x, [ys, yb], callbacks=[stop])\n"
    new = f"if keras.__version__ < '3.5':\n    {FIT}else:\n    model.fit(x, [ys, yb], callbacks=[stop])\n"
    assert [one.code for one in said(text + old, "3.4.1")] == ["KER112"]
    assert said(text + new, "3.4.1") == []


def test_a_read_of_an_output_counts_on_the_releases_that_read_it() -> None:
    text = "from collections import OrderedDict\n" + MODEL.replace("[small, big]", "OrderedDict(small=small, big=big)")
    text += "if keras.__version__ {}:\n    loss = keras.ops.mean(model(np.ones((2, 4)))['small'])\n"
    assert [one.code for one in said(text.format("< '3.8'"), "3.7.0")] == ["KER111"]
    assert said(text.format(">= '3.8'"), "3.7.0") == []


def test_losses_that_are_right_by_luck_count_on_the_releases_that_get_them() -> None:
    text = either('keras.__version__ == "3.6.0"').replace('"small"', '"a"')
    (one,) = check_source(text, "train.py", ">=3.4", select=["KER108"])
    assert "3.5.0" in one.message
    assert "3.6.0" not in one.message


SWAPPED = 'model.compile("sgd", loss={"small": "mae", "big": "mse"})\n'


@pytest.mark.parametrize("keras", ["3.5.0", "3.6.0", ">=3.4"])
def test_a_swap_for_the_bad_releases_alone_is_meant(keras: str) -> None:
    assert said(either('keras.__version__ in ("3.5.0", "3.6.0")', SWAPPED), keras) == []


def test_a_swap_for_older_releases_too_is_right_on_the_bad_ones() -> None:
    """On 3.4.1 it trains the outputs with each other's losses: their names say so, and no rule reports it."""
    assert said(either('keras.__version__ < "3.7"', SWAPPED), "3.6.0") == []


def test_a_dict_that_does_not_undo_the_swap_is_wrong() -> None:
    other = SWAPPED.replace("mae", "huber")
    assert [one.code for one in said(either('keras.__version__ == "3.6.0"', other), "3.6.0")] == ["KER101"]
