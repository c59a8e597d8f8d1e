"""Writes the tables of fields in docs/formats.md from the JSON schema of the findings.

    python -m tools.document_formats [--check]

With ``--check`` it writes nothing: it says whether the tables are up to date, and exits with 1 if they are not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, SCHEMA = DOCS / "formats.md", DOCS / "diagnostics.schema.json"
START, END = "<!-- fields of the schema -->\n", "<!-- end of the fields -->\n"


def tables() -> str:
    """A table of the fields of each kind of object."""
    kinds: Mapping[str, Mapping[str, Any]] = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return "\n" + "\n".join("".join(_table(name, kind)) for name, kind in kinds.items()) + "\n"


def _table(name: str, kind: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name.capitalize()}\n\n{kind['description']}\n\n| field | value | meaning |\n|---|---|---|\n"
    yield from _rows(kind, "")


def _rows(kind: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in kind["properties"].items():
        absent = "" if name in kind["required"] else "; may be missing"
        yield f"| `{prefix}{name}` | {_value(value)}{absent} | {value['description']} |\n"
        if "properties" in (items := value.get("items", {})):
            yield from _rows(items, f"{prefix}{name}[].")


def _value(value: Mapping[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "anyOf" in value:
        return " or ".join(map(_value, value["anyOf"]))
    if "enum" in value:
        return ", ".join(f'`"{one}"`' for one in value["enum"])
    if "items" in value and "properties" not in value["items"]:
        kinds = [value["type"]] if isinstance(value["type"], str) else value["type"]
        return " or ".join(f"array of {_value(value['items'])}" if kind == "array" else kind for kind in kinds)
    kind = value["type"]
    return kind if isinstance(kind, str) else " or ".join(kind)


def main() -> int:
    """Write the tables, or compare them with ``--check``."""
    text = PAGE.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    wanted = "".join((before, start, tables(), end, after))
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8")
    elif text != wanted or not end:
        print("docs/formats.md is not up to date: run python -m tools.document_formats")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
