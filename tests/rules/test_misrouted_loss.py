from __future__ import annotations

import pytest

from .conftest import MODEL, Check

CODE = "KER101"

FIT = "model.fit(x, [p, q])\n"
BUG = f'model.compile("adam", {{"small": "mse", "big": "mae"}})\n{FIT}'
SWAP = "'mae' trains 'small', 'mse' trains 'big'"
ADVICE = "pass a tuple in output order or use keras>=3.7"


@pytest.mark.parametrize(
    ("requirement", "severity", "message"),
    [
        (
            "keras==3.5.0",
            "error",
            f"Keras 3.5.0 (requirements.txt:1) sends each loss to another output: {SWAP}; {ADVICE}",
        ),
        (
            "keras==3.6.0",
            "error",
            f"Keras 3.6.0 (requirements.txt:1) sends each loss to another output: {SWAP}; {ADVICE}",
        ),
        (
            "keras>=3.5,<3.7",
            "error",
            f"Keras 3.5.0 and 3.6.0 (requirements.txt:1) send each loss to another output: {SWAP}; {ADVICE}",
        ),
        (
            "keras~=3.5.0",
            "error",
            f"Keras 3.5.0 (requirements.txt:1) sends each loss to another output: {SWAP}; {ADVICE}",
        ),
        (
            "keras>=3.4",
            "warning",
            "keras>=3.4 (requirements.txt:1) allows 3.5.0 and 3.6.0, which send each loss to another output: "
            f"{SWAP}; a fresh install takes 3.15.1; {ADVICE}",
        ),
        (
            "keras<=3.6",
            "warning",
            "keras<=3.6 (requirements.txt:1) allows 3.5.0 and 3.6.0, which send each loss to another output: "
            f"{SWAP}; a fresh install takes 3.6.0; {ADVICE}",
        ),
        (
            "keras>=3.4,<3.6",
            "warning",
            "keras>=3.4,<3.6 (requirements.txt:1) allows 3.5.0, which sends each loss to another output: "
            f"{SWAP}; a fresh install takes 3.5.0; {ADVICE}",
        ),
        (
            "keras",
            "warning",
            "no Keras version is given (requirements.txt:1): Keras 3.5.0 and 3.6.0 send each loss to another output: "
            f"{SWAP}; {ADVICE}",
        ),
        (
            "numpy",
            "warning",
            f"no Keras pin found: Keras 3.5.0 and 3.6.0 send each loss to another output: {SWAP}; {ADVICE}",
        ),
        (
            "keras==3.5.x",
            "warning",
            "no Keras pin could be read (requirements.txt:1 `keras==3.5.x`, did you mean `keras==3.5.*`?): "
            f"Keras 3.5.0 and 3.6.0 send each loss to another output: {SWAP}; {ADVICE}",
        ),
        (
            "keras==3.5.0\nkeras=3.5.0",
            "error",
            f"Keras 3.5.0 (requirements.txt:1) sends each loss to another output: {SWAP}; {ADVICE}; "
            "not read: requirements.txt:2 `keras=3.5.0`, did you mean `keras==3.5.0`?",
        ),
        (
            "keras==3.5.0\nnumpy=1.26\n{{ other }}",
            "error",
            f"Keras 3.5.0 (requirements.txt:1) sends each loss to another output: {SWAP}; {ADVICE}",
        ),
    ],
)
def test_severity_and_message(check: Check, requirement: str, severity: str, message: str) -> None:
    (diagnostic,) = check(CODE, BUG, requirement)
    assert diagnostic.severity.value == severity
    assert diagnostic.message == message


@pytest.mark.parametrize(
    "requirement",
    ["keras==3.4.1", "keras==3.7.0", "keras>=3.7", "keras!=3.5.0,!=3.6.0", "keras<3", "tensorflow==2.15.0"],
)
def test_nothing_where_no_affected_release_is_admitted(check: Check, requirement: str) -> None:
    assert check(CODE, BUG, requirement) == []


@pytest.mark.parametrize(
    ("body", "details"),
    [
        (
            f'model.compile("adam", {{"small": lambda y, p: p, "big": lambda y, p: y}})\n{FIT}',
            "sends each loss to another output: the loss of 'big' trains 'small', the loss of 'small' trains 'big'; ",
        ),
        (
            f'model.compile("adam", {{n: (lambda y, p, k=len(n): (y - p) ** k) for n in ("small", "big")}})\n{FIT}',
            "sends each loss to another output: the loss of 'big' trains 'small', the loss of 'small' trains 'big'; ",
        ),
        (
            f'model.compile("adam", dict(small="mse", big="mse"), loss_weights=dict(small=1.0, big=0.5))\n{FIT}',
            "sends each loss weight to another output: 'small' gets loss weight 0.5 instead of 1.0, "
            "'big' gets loss weight 1.0 instead of 0.5; ",
        ),
        (
            f'model.compile("adam", {{"small": Huber(2.0), "big": own.losses[1]}})\n{FIT}',
            "sends each loss to another output: 'own.losses[1]' trains 'small', 'Huber(2.0)' trains 'big'; ",
        ),
        (
            'three.compile("adam", {"small": "mse", "big": "mae", "a": "msle"})\nthree.fit(x, [p, q, r])\n',
            "sends losses to other outputs: 'msle' trains 'small', 'mse' trains 'a'; ",
        ),
        (
            'three.compile("adam", {"small": "mae", "big": "mse", "a": "mse"})\nthree.fit(x, [p, q, r])\n',
            "sends losses to other outputs: 'mse' trains 'small', 'mae' trains 'a'; ",
        ),
        (
            'named.compile("adam", OrderedDict(small="mse", big="mae"))\nnamed.fit(x, {"small": p, "big": q})\n',
            f"sends each loss to another output: {SWAP}; pass a plain dict or use keras>=3.7",
        ),
        (
            'model.compile("adam", {"small": "mse", "big": "mae"})\nmodel.fit(x, {"small": p, "big": q})\n',
            f"sends each loss to another output: {SWAP}; ",
        ),
    ],
)
def test_who_trains_what(check: Check, body: str, details: str) -> None:
    (diagnostic,) = check(CODE, body)
    assert details in diagnostic.message
    assert "\n" not in diagnostic.message


@pytest.mark.parametrize(
    "body",
    [
        f'model.compile("adam", {{"small": "mse", "big": "mse"}})\n{FIT}',
        f'model.compile("adam", {{"small": "mse", "big": keras.losses.mse}})\n{FIT}',
        f'model.compile("adam", {{n: (lambda y, p, n=n: y - p) for n in ("small", "big")}})\n{FIT}',
        f'model.compile("adam", {{"small": "mse", "big": "mse"}}, loss_weights=[1.0, 0.5])\n{FIT}',
        f'model.compile("adam", {{"small": "mse", "big": "mse"}}, loss_weights={{"small": 0.5, "big": 0.5}})\n{FIT}',
        f'model.compile("adam", OrderedDict(small="mse", big="mae"))\n{FIT}',
        f'model.compile("adam", ("mse", "mae"))\n{FIT}',
        f'model.compile("adam", losses)\n{FIT}',
        'named.compile("adam", {"small": "mse", "big": "mae"})\nnamed.fit(x, {"small": p, "big": q})\n',
        'keras.Model(inputs, [big, small]).compile("adam", {"small": "mse", "big": "mae"})\n',
        'keras.Model(inputs, small).compile("adam", {"small": "mse"})\n',
        'three.compile("adam", {"small": "mse", "big": "mae", "a": "mse"})\nthree.fit(x, [p, q, r])\n',
        'import re\nre.compile("small")\nrunner.compile(model, {"small": "mse", "big": "mae"}, backend=1)\n',
    ],
)
def test_nothing_where_nothing_goes_wrong(check: Check, body: str) -> None:
    assert check(CODE, body) == []


@pytest.mark.parametrize("keys", ['"small": "mse", "big": "mae"', '"big": "mae", "small": "mse"'])
def test_the_order_of_the_keys_makes_no_difference(check: Check, keys: str) -> None:
    (diagnostic,) = check(CODE, f'model.compile("adam", {{{keys}}})\n{FIT}')
    assert SWAP in diagnostic.message


@pytest.mark.parametrize("method", ["compile", "compute_loss", "compute_metrics", "train_step", "test_step"])
def test_nothing_is_said_of_a_class_that_may_look_up_losses_itself(check: Check, method: str) -> None:
    body = (
        f"class Own(keras.Model):\n    def {method}(self, *args, **kwargs):\n        return act(self, args)\n"
        'own = Own(inputs, [small, big])\nown.compile("adam", {"small": "mse", "big": "mae"})\nown.fit(x, [p, q])\n'
    )
    assert check(CODE, body) == []
    (found,) = check(CODE, body.replace(f"def {method}(", "def something_else("))
    assert found.outputs == ("small", "big")


def test_what_a_finding_carries(check: Check) -> None:
    (diagnostic,) = check(CODE, BUG)
    assert diagnostic.outputs == ("small", "big")
    assert diagnostic.keras is not None
    assert (diagnostic.keras.admitted, diagnostic.keras.pinned) == ("==3.5.0", True)
    assert [(line.filename, line.row, line.text) for line in diagnostic.keras.evidence] == [
        ("requirements.txt", 1, "keras==3.5.0")
    ]
    row = MODEL.count("\n") + 1
    assert (diagnostic.span.start.row, diagnostic.span.start.column) == (row, 23)


SUPPRESSED = """\
model.compile(  # 1
    "adam",  # 2
    loss={  # 3
        "small": "mse",  # 4
        "big": "mae",
    },  # 5
)  # 6
"""


@pytest.mark.parametrize(
    ("row", "comment", "suppressed"),
    [
        (1, "noqa: KER101", True),
        (2, "noqa", False),
        (3, "noqa", True),
        (4, "noqa: E501, KER101", True),
        (4, "noqa: KER104", False),
        (5, "noqa: ker101", True),
        (6, "noqa", False),
    ],
)
def test_the_rows_of_a_comment_that_suppresses(check: Check, row: int, comment: str, suppressed: bool) -> None:
    assert (check(CODE, SUPPRESSED.replace(f"# {row}", f"# {comment}") + FIT) == []) == suppressed


@pytest.mark.parametrize(
    ("body", "suppressed"),
    [
        ('losses = {"small": "mse", "big": "mae"}  # noqa\nmodel.compile("adam", losses)\n', False),
        ('losses = {"small": "mse", "big": "mae"}\nmodel.compile("adam", losses)  # noqa\n', True),
        ('model.compile("adam", {"small": "# noqa", "big": "mae"})\n', False),
    ],
)
def test_only_a_comment_at_the_call_suppresses(check: Check, body: str, suppressed: bool) -> None:
    assert (check(CODE, body + FIT) == []) == suppressed
