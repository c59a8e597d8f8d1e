"""Writes docs/keraslint.schema.json, the JSON Schema of keraslint.toml and [tool.keraslint], from the table of options.

With ``--check`` it writes nothing: it says whether the schema is up to date, and exits with 1 if it is not.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from keraslint.config.options import OPTIONS, Kind, Option
from keraslint.rules.registry import ALL_RULES

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "keraslint.schema.json"


def schema() -> dict[str, Any]:
    """The schema, in the form that SchemaStore asks for."""
    codes = sorted({rule.code[:length] for rule in ALL_RULES for length in range(3, 7)})
    names = sorted(rule.name for rule in ALL_RULES)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://json.schemastore.org/keraslint.json",
        "title": "keraslint",
        "description": "Configuration of keraslint, a linter for Keras training code",
        "type": "object",
        "additionalProperties": False,
        "definitions": {
            "selector": {"description": "A rule, or a beginning of codes", "enum": ["ALL", *codes, *names]},
            "selectors": {"type": "array", "items": {"$ref": "#/definitions/selector"}},
        },
        "properties": {key: _property(option) for key, option in OPTIONS.items()},
    }


def _property(option: Option) -> dict[str, Any]:
    kinds: dict[Kind, dict[str, Any]] = {
        Kind.SELECTORS: {"$ref": "#/definitions/selectors"},
        Kind.PATTERNS: {"type": "array", "items": {"type": "string"}},
        Kind.IGNORES: {"type": "object", "additionalProperties": {"$ref": "#/definitions/selectors"}},
        Kind.SWITCH: {"type": "boolean"},
        Kind.RELEASES: {"type": "string"},
        Kind.PATH: {"type": "string"},
        Kind.CHOICE: {"enum": list(option.choices or ())},
    }
    value = kinds[option.kind]
    if "$ref" in value:  # beside a reference draft 7 reads nothing
        value = {"allOf": [value]}
    return {"description": option.help, **value} | ({} if option.default is None else {"default": option.default})


def main() -> int:
    """Write the schema, or compare it with ``--check``."""
    text = json.dumps(schema(), indent=2) + "\n"
    if "--check" not in sys.argv[1:]:
        SCHEMA.write_text(text, encoding="utf-8")
    elif not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != text:
        print("docs/keraslint.schema.json is not up to date: run tools/document_configuration.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
