from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER102"

COMPILE = 'compile("adam", {"small": "mse", "big": "mae"})\n'
LOADED = f'loaded = keras.models.load_model("m.keras")\nloaded.{COMPILE}'
ADVICE = "pass a tuple in output order if the outputs are a list, or use keras>=3.7"


@pytest.mark.parametrize(
    ("requirement", "severity", "message"),
    [
        (
            "keras==3.5.0",
            "error",
            "Keras 3.5.0 (requirements.txt:1) may send each loss to another output: the order of the outputs is not "
            f"known (load_model('m.keras') at line 11); {ADVICE}",
        ),
        (
            "keras>=3.4",
            "warning",
            "keras>=3.4 (requirements.txt:1) allows 3.5.0 and 3.6.0, which may send each loss to another output: "
            "the order of the outputs is not known (load_model('m.keras') at line 11); a fresh install takes 3.15.1; "
            f"{ADVICE}",
        ),
    ],
)
def test_severity_and_message(check: Check, requirement: str, severity: str, message: str) -> None:
    (diagnostic,) = check(CODE, LOADED, requirement)
    assert diagnostic.severity.value == severity
    assert diagnostic.message == message
    assert diagnostic.outputs is None
    assert [(fix.style, fix.applicability.value) for fix in diagnostic.fixes] == [("safe-compile", "unsafe")]


@pytest.mark.parametrize("requirement", ["keras", "numpy", "tensorflow", "keras>=3.7", "keras==3.4.1"])
def test_two_unknowns_make_no_finding(check: Check, requirement: str) -> None:
    assert check(CODE, LOADED, requirement) == []


def test_a_tensorflow_that_admits_an_affected_keras(check: Check) -> None:
    (diagnostic,) = check(CODE, LOADED, "tensorflow==2.17.0")
    assert diagnostic.severity.value == "warning"
    assert "3.5.0 and 3.6.0" in diagnostic.message


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            f"from builders import build\nbuild().{COMPILE}",
            "(returned by builders.build, which is not followed)",
        ),
        (f"def train(network):\n    network.{COMPILE}", "('network' is a parameter of train)"),
        (f"class Trainer:\n    def train(self, net):\n        net.{COMPILE}", "('net' is a parameter of train)"),
    ],
)
def test_why_the_outputs_are_not_known(check: Check, body: str, why: str) -> None:
    (diagnostic,) = check(CODE, body)
    assert why in diagnostic.message


@pytest.mark.parametrize(
    "arguments",
    [
        '{"small": "mse", "big": "mse"}, loss_weights={"small": 1.0, "big": 0.5}',
        '{"small": "mse", "big": "mae"}, loss_weights=[1.0, 0.5]',
        '{"small": "mse", "big": "mae", "a": "mse", "b": "mse", "c": "mse"}',
    ],
)
def test_something_can_go_wrong(check: Check, arguments: str) -> None:
    body = f'loaded = keras.models.load_model("m.keras")\nloaded.compile("adam", {arguments})\n'
    assert len(check(CODE, body)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        '{"small": "mse"}',
        '{"small": "mse", "big": "mse"}',
        '{"small": "mse", "big": "mse"}, loss_weights={"small": 0.5, "big": 0.5}',
        '("mse", "mae")',
        '"mse", loss_weights=[1.0, 0.5]',
        "losses",
    ],
)
def test_nothing_can_go_wrong(check: Check, arguments: str) -> None:
    assert check(CODE, f'loaded = keras.models.load_model("m.keras")\nloaded.compile("adam", {arguments})\n') == []


def test_a_dict_of_targets_can_go_wrong_where_losses_can_not(check: Check) -> None:
    body = 'loaded = keras.models.load_model("m")\nloaded.compile("adam", {"small": "mse", "big": "mse"})\n'
    assert check(CODE, body + "loaded.fit(x, [p, q])\n") == []
    assert len(check(CODE, body + 'loaded.fit(x, {"small": p, "big": q})\n')) == 1


def test_what_is_surely_wrong_is_no_doubt(check: Check) -> None:
    body = f"model.{COMPILE}model.fit(x, [p, q])\n"
    assert check(CODE, body) == []
    assert len(check("KER101", body)) == 1


def test_a_model_with_known_outputs_is_none_of_its_business(check: Check) -> None:
    assert check(CODE, f"named.{COMPILE}") == []


def test_a_compile_that_is_not_known_to_be_of_keras(check: Check) -> None:
    assert check(CODE, 'runner.compile(optimizer="adam", loss={"small": "mse", "big": "mae"}, devices=4)\n') == []
