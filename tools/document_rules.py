"""Writes docs/rules/ from the rules themselves.

With ``--check`` it writes nothing: it names the pages that are not up to date, and exits with 1 if there are any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from keraslint.rules.registry import ALL_RULES

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "rules"

INDEX = """\
# Rules

`keraslint rule CODE` prints the same pages. How rules are selected: [configuration](../configuration.md#which-rules).

| code | name | it finds | a fix | by default |
|---|---|---|---|---|
{rows}

KER0 rules are about what could not be checked, KER1 rules about calls in the source,
KER2 rules about dependency files, KER3 rules about training that goes wrong in silence, with one output or several.
"""


def pages() -> dict[str, str]:
    """The text of each page below docs/rules/ by its file name."""
    rows = [
        f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.summary} "
        f"| {'yes' if any(example.fixed for example in rule.examples) else 'no'} "
        f"| {'off' if rule.opt_in else 'in part' if rule.certain_by_default else 'on'} |"
        for rule in ALL_RULES
    ]
    return {
        "index.md": INDEX.format(rows="\n".join(rows)),
        **{f"{rule.name}.md": rule.documentation() for rule in ALL_RULES},
    }


def main() -> int:
    """Write the pages, or compare them with ``--check``; remove those of rules that are gone."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in {*wanted, *there} if wanted.get(name) != there.get(name))
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/rules/{name} is not up to date: run tools/document_rules.py")
        return int(bool(stale))
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
