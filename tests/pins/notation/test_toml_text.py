from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keraslint.pins.notation.toml_text import InvalidToml, TomlText

DOCUMENT = '''\
title = "a # b"   # c
[project]  # d
name = 'x'
dependencies = [
    "a", "b",  # "c",
    # "d",
    """e
    f""", 'g',
]
one.two = { three = 3, "fo ur" = [ { five = 5 },
  6 ] }
"quoted \\"key" = 1979-05-27 07:32:00
[[package]]
name = "p0"
[[package]]
name = "p1"
[package.source]
url = "u"
[[package.files]]
file = "f0"
[[package.files]]
file = "f1"
[ "a" . b . 'c' ]
d = """
[not.a.table]
keras = 3
\\""""""
e = \'\'\'x\'\'\'\'
f = +1e3
'''


@pytest.mark.parametrize(
    ("key", "row"),
    [
        (("title",), 1),
        (("project",), 2),
        (("project", "name"), 3),
        (("project", "dependencies"), 4),
        (("project", "dependencies", 0), 5),
        (("project", "dependencies", 1), 5),
        (("project", "dependencies", 2), 7),
        (("project", "dependencies", 3), 8),
        (("project", "one", "two", "three"), 10),
        (("project", "one", "two", "fo ur", 0, "five"), 10),
        (("project", "one", "two", "fo ur", 1), 11),
        (("project", 'quoted "key'), 12),
        (("package", 0, "name"), 14),
        (("package", 1), 15),
        (("package", 1, "name"), 16),
        (("package", 1, "source", "url"), 18),
        (("package", 1, "files", 0, "file"), 20),
        (("package", 1, "files", 1, "file"), 22),
        (("a", "b", "c"), 23),
        (("a", "b", "c", "d"), 24),
        (("a", "b", "c", "e"), 28),
        (("a", "b", "c", "f"), 29),
        (("a", "b", "c", "g"), 23),
        (("nothing",), 0),
    ],
)
def test_rows(key, row):
    assert TomlText.parse(DOCUMENT).row(*key) == row


def test_every_key_and_item_of_the_document_has_a_row():
    document = TomlText.parse(DOCUMENT)
    assert set(paths(document.data)) <= set(document.rows) | {
        ("package",),
        ("package", 1, "files"),
        ("a",),
        ("a", "b"),
    }


def paths(value, path=()):
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


keys = st.text(alphabet="ab-_.#[]{}=\" '\\é", max_size=6)
scalars = st.one_of(st.integers(-9, 9), st.booleans(), st.text(alphabet="ab#[]{}=,\" '\\é", max_size=8))


@given(
    st.lists(
        st.tuples(keys, st.lists(scalars, max_size=4), st.integers(0, 2)),
        max_size=6,
        unique_by=lambda item: item[0],
    )
)
def test_arrays_written_over_rows_are_found_item_by_item(tables):
    lines: list[str] = []
    expected = {}
    for name, items, blanks in tables:
        lines += ["# [comment]"] * blanks
        lines.append(f"[tool.{json.dumps(name)}]")
        lines.append("items = [ # opened")
        for index, item in enumerate(items):
            expected["tool", name, "items", index] = len(lines) + 1
            lines.append(f"  {json.dumps(item)}, # {json.dumps(item)}")
        lines.append("]")
    document = TomlText.parse("\n".join(lines))
    for key, row in expected.items():
        assert document.row(*key) == row
    for name, items, _ in tables:
        assert document.data["tool"][name]["items"] == items


@pytest.mark.parametrize(("text", "row"), [("a = 1\nb =\n", 2), ("a", 1), ("a = [1,\n2", 2), ("\na = 1\n\na = 2", 4)])
def test_not_toml(text, row):
    with pytest.raises(InvalidToml) as caught:
        TomlText.parse(text)
    assert caught.value.row in (row, row + 1)
