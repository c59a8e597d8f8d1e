from __future__ import annotations

import pytest

import keraslint

from .conftest import MODEL

CODE = "KER108"

SORTED = "sorted_model = keras.Model(inputs, [tiny, big, small])\n"
LOSSES = 'sorted_model.compile("adam", {"a": "mse", "big": "mae", "small": "msle"})\n'


def found(body: str, keras: str, select: str = CODE) -> list[str]:
    every = keraslint.check_source(MODEL + SORTED + body, "train.py", keras, select=[select])
    return [one.message for one in every if one.code == CODE]


@pytest.mark.parametrize(
    "fit", ["", "sorted_model.fit(x, [p, q, r])\n", 'sorted_model.fit(x, {"a": p, "big": q, "small": r})\n']
)
def test_a_name_away_from_the_bug(fit: str) -> None:
    (message,) = found(LOSSES + fit, ">=3.4")
    assert (
        "allows 3.5.0 and 3.6.0, which give losses to the outputs by their sorted names: they are right by luck"
        in message
    )
    assert message.endswith("pass a tuple in output order or use keras>=3.7")


@pytest.mark.parametrize(
    ("body", "keras"),
    [
        (LOSSES, ">=3.7"),
        (LOSSES.replace("mae", "mse").replace("msle", "mse"), "3.6.0"),
        ('sorted_model.compile("adam", ["mse", "mae", "msle"])\n', "3.6.0"),
        ('sorted_model.compile("adam", OrderedDict(a="mse", big="mae", small="msle"))\n', "3.6.0"),
        ('model.compile("adam", {"small": "mse", "big": "mae"})\n', "3.6.0"),
        ('named.compile("adam", {"small": "mse", "big": "mae"})\n', "3.6.0"),
    ],
)
def test_nothing_where_a_name_would_change_nothing_or_it_is_wrong_already(body: str, keras: str) -> None:
    assert found(body, keras) == []


def test_it_is_off_by_default() -> None:
    assert found(LOSSES, "3.6.0", "KER1") == []
