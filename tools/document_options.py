"""Writes the table of options in docs/configuration.md from ``keraslint.config.options``.

With ``--check`` it writes nothing: it says whether the table is up to date, and exits with 1 if it is not.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from keraslint.config.options import OPTIONS, Kind, Option

PAGE = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"
START, END = "<!-- table of options -->\n", "<!-- end of the table -->\n"
HEAD = "| key | value | default | meaning | on the command line |\n|---|---|---|---|---|\n"


def table() -> str:
    """The table in Markdown, one row for each option."""
    return HEAD + "".join(f"| {' | '.join(_cells(key, option))} |\n" for key, option in OPTIONS.items())


def _cells(key: str, option: Option) -> list[str]:
    value = option.kind.value if option.choices is None else ", ".join(f'`"{choice}"`' for choice in option.choices)
    default = option.default_text or f"`{json.dumps(option.default)}`"
    flag = f"--no-{key}" if option.kind is Kind.SWITCH and option.default else f"--{key}"
    return [f"`{key}`", value, default, option.help, "" if option.group is None else f"`{flag}`"]


def main() -> int:
    """Write the table, or compare it with ``--check``."""
    text = PAGE.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    wanted = "".join((before, start, table(), end, after))
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8")
    elif text != wanted or not end:
        print("docs/configuration.md is not up to date: run tools/document_options.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
