"""Losses that are exchanged for 3.5.0 and 3.6.0 on purpose, by questions about the release that are hard to follow."""

from __future__ import annotations

import pytest

from keraslint import check_source

TEXT = """\
import ast, bisect, collections, decimal, functools, io, itertools, json, operator, re
import keras
import numpy as np

x, y_small, y_big = np.zeros((8, 4)), np.zeros((8, 1)), np.zeros((8, 3))
inputs = keras.Input((4,))
outputs = [keras.layers.Dense(1, name="small")(inputs), keras.layers.Dense(3, name="big")(inputs)]
model = keras.Model(inputs, outputs)
V = keras.__version__
{guard}
losses = {{"small": "mse", "big": "mae"}}
if swap:
    losses = {{"small": "mae", "big": "mse"}}
model.compile("sgd", loss=losses)
model.fit(x, [y_small, y_big])
"""

GUARDS = {
    "bytes": 'swap = V.encode()[2] in b"56"',
    "divmod": 'a, b, c = map(int, V.split("."))\nswap = divmod(a * 100 + b, 100)[1] in (5, 6)',
    "bits": 'swap = bool((1 << int(V.split(".")[1])) & 0b1100000)',
    "xor": 'swap = (int(V.split(".")[1]) ^ 5) in (0, 3)',
    "json": 'swap = json.loads("[" + V.replace(".", ",") + "]")[1] in (5, 6)',
    "literal_eval": 'swap = ast.literal_eval(V.replace(".", ","))[1] in (5, 6)',
    "array": 'swap = np.array(V.split("."))[1] in ("5", "6")',
    "number of NumPy": 'swap = np.int64(V.split(".")[1]) in (5, 6)',
    "decimal": 'swap = decimal.Decimal(V[:3]) in (decimal.Decimal("3.5"), decimal.Decimal("3.6"))',
    "match with a name": r'swap = re.match(r"3\.(?P<minor>\d+)", V)["minor"] in ("5", "6")',
    "split by a pattern": r'swap = re.split(r"\.", V)[1] in ("5", "6")',
    "bisect": 'swap = bisect.bisect(["3.5", "3.7"], V) == 1',
    "deque": 'swap = collections.deque(V.split("."))[1] in ("5", "6")',
    "islice": 'swap = next(itertools.islice(V.split("."), 1, 2)) in ("5", "6")',
    "operator": 'swap = operator.ge(V, "3.5") and operator.lt(V, "3.7")',
    "sets": 'swap = bool({V[:3]} & {"3.5", "3.6"})',
    "discarded": 'known = {"3.5.0", "3.6.0"}\nknown.discard(V)\nswap = len(known) == 1',
    "removed": (
        'known = ["3.5.0", "3.6.0"]\ntry:\n    known.remove(V)\nexcept ValueError:\n    pass\nswap = len(known) == 1'
    ),
    "chain map": 'swap = collections.ChainMap({"3.5.0": 1, "3.6.0": 1}).get(V, 0) == 1',
    "written to a stream": 'to = io.StringIO()\nprint(V, file=to)\nswap = to.getvalue()[:3] in ("3.5", "3.6")',
    "key that is missing": 'try:\n    swap = {"3.5.0": True, "3.6.0": True}[V]\nexcept KeyError:\n    swap = False',
    "index that is missing": (
        'try:\n    ["3.5.0", "3.6.0"].index(V)\n    swap = True\nexcept ValueError:\n    swap = False'
    ),
    "exception out of a loop": (
        "class Found(Exception):\n    pass\nswap = False\ntry:\n    for start in ('3.5.', '3.6.'):\n"
        "        if V.startswith(start):\n            raise Found\nexcept Found:\n    swap = True"
    ),
    "what Keras has": 'swap = not hasattr(keras.losses, "Circle") and hasattr(keras.optimizers, "Lamb")',
    "default of getattr": 'swap = getattr(keras.losses, "Circle", None) is None',
    "any condition": "swap = open(path).read() == 'yes'",
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_what_may_be_exchanged_on_purpose_is_not_reported(guard: str) -> None:
    found = check_source(TEXT.format(guard=guard), keras=">=3.4")
    assert [one.code for one in found if one.code in ("KER101", "KER103", "KER104")] == []


@pytest.mark.parametrize("guard", ["swap = False", "swap = V.startswith('2.')"])
def test_what_is_not_exchanged_on_the_releases_that_exchange_is(guard: str) -> None:
    assert "KER101" in [one.code for one in check_source(TEXT.format(guard=guard), keras=">=3.4")]
