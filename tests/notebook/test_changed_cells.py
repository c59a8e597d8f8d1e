"""Changed sources in the JSON of a notebook: of a changed line only the changed part is written anew."""

from __future__ import annotations

import json

import pytest

from keraslint.notebook.cells import cells_of
from keraslint.notebook.changed_cells import with_sources


def rewritten(written: str, old: str, new: str) -> str:
    """How a source is written after ``old`` in it was replaced by ``new``."""
    text = f'{{"cells": [{{"cell_type": "code", "source": {written}, "outputs": ["<"]}}]}}'
    cells = cells_of(text)
    after = with_sources(text, cells, [cell.source.replace(old, new) for cell in cells])
    head, tail = text.split(written)
    assert after.startswith(head)
    assert after.endswith(tail)
    assert cells_of(after)[0].source == cells[0].source.replace(old, new)
    return after[len(head) : -len(tail)]


@pytest.mark.parametrize(
    ("written", "after"),
    [
        (
            r'"a \u003c b\nold = \/ \u0027\u00e9\ud83d\ude00\n\t"',
            r'"a \u003c b\nnew = \/ \u0027\u00e9\ud83d\ude00\n\t"',
        ),
        (r'["a \u003c b\n", "old = \u003e"]', r'["a \u003c b\n", "new = \u003e"]'),
        ('[\n   "a",\n   "old\\n",\n   "b"\n  ]', '[\n   "anew\\n",\n   "b"\n  ]'),
        ('["old\\nx\\nold"]', '["new\\n", "x\\n", "new"]'),
        ('[ "old" ]', '[ "new" ]'),
    ],
)
def test_what_stays_is_written_as_it_was(written: str, after: str) -> None:
    assert rewritten(written, "old", "new") == after


@pytest.mark.parametrize(
    ("old", "new"), [("b\n", ""), ("b", "b\nb2"), ("a\n", ""), ("c", ""), ("a\nb\nc", ""), ("b", "é")]
)
@pytest.mark.parametrize("written", ['["a\\n", "b\\n", "c"]', '"a\\nb\\nc"', '[\n "a\\n",\n "b\\n",\n "c"\n]'])
def test_lines_may_come_and_go(written: str, old: str, new: str) -> None:
    after = rewritten(written, old, new)
    assert isinstance(json.loads(after), str if written[0] == '"' else list)


def test_a_cell_without_a_source_takes_none() -> None:
    text = '{"cells": [{"cell_type": "code"}, {"cell_type": "markdown", "source": "a"}]}'
    assert with_sources(text, cells_of(text), ["", ""]) == text
    with pytest.raises(ValueError, match="without a source"):
        with_sources(text, cells_of(text), ["x", ""])
