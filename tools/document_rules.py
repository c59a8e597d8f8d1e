"""Writes docs/rules/ from the rules themselves, and the list of these pages in mkdocs.yml.

    python -m tools.document_rules [--check]

With ``--check`` it writes nothing: it names the files that are not up to date, and exits with 1 if there are any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from packaging.version import Version

from keraslint.picture import Panel, picture
from keraslint.rules.base import Rule
from keraslint.rules.registry import ALL_RULES
from tools.build_playground import in_playground
from tools.draw_routing import alt, panels_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "rules"
NAVIGATION = ROOT / "mkdocs.yml"
START, END = "      # rules: written by tools.document_rules\n", "      # end of the rules\n"

INDEX = """\
# Rules

`keraslint rule CODE` prints the same pages. How rules are selected: [configuration](../configuration.md#which-rules).

| code | name | it finds | a fix | by default |
|---|---|---|---|---|
{rows}

KER0 rules are about what could not be checked, KER1 rules about calls in the source,
KER2 rules about dependency files, KER3 rules about training that goes wrong without an error, with one output or
several, KER4 rules about calls of Keras 2 that Keras 3 refuses or ignores.
"""


INSTEAD = {
    "KER107": ("A dict for each", "With a dict, "),
    "KER109": ("Another release", ""),
    "KER113": ("A dict of weights", "With a dict, "),
}
"""What is shown beside the first example: the title of an example that is right, with what it changes in words.

By default the first example after its fix, or else on a release that is right.
"""

GROUPS = {
    "KER1": "Losses, weights and targets",
    "KER2": "Dependency files",
    "KER30": "Callbacks, steps and layers",
    "KER31": "The last layer and its loss",
    "KER40": "Moving to Keras 3",
    "KER0": "What could not be checked",
}
"""The groups of the rules in the navigation, by the beginning of their codes."""


def panels(rule: Rule) -> list[Panel]:
    """The picture of a rule: what goes wrong, and what is right instead."""
    first = rule.examples[0]
    assert first.keras is not None
    after, words = first.code, ""
    if rule.code in INSTEAD:
        title, words = INSTEAD[rule.code]
        after = next(example.code for example in rule.examples if example.title == title)
    elif first.fixed is not None and first.style == "tuple":
        after, words = first.fixed, "After the fix, "
    return panels_of(first.code, after, rule.draws, Version(first.keras), words)


def page(rule: Rule) -> str:
    """The page of a rule: its documentation, with the picture behind the paragraph that says what it does."""
    text = rule.documentation()
    if in_playground(rule) and not rule.opt_in:
        first = f"## {rule.examples[0].title}\n\n"
        link = f'<a href="../../playground/#rule={rule.code}">Open it in the playground.</a>\n\n'
        text = text.replace(first, first + link, 1)
    if not rule.draws:
        return text
    end = text.index("\n\n", text.index("**What it does.**"))
    shown = alt(panels(rule))
    return f"{text[:end]} In the first example below:\n\n![{shown}]({rule.name}.svg){text[end:]}"


def pages() -> dict[Path, str]:
    """The text of each file below docs/rules/, by its path."""
    pictures = {
        FOLDER / f"{rule.name}.svg": picture(panels(rule), f"{rule.code} {rule.name}")
        for rule in ALL_RULES
        if rule.draws
    }
    rows = [
        f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.summary} "
        f"| {'yes' if any(example.fixed for example in rule.examples) else 'no'} "
        f"| {'off' if rule.opt_in else 'in part' if rule.certain_by_default else 'on'} |"
        for rule in ALL_RULES
    ]
    return {
        FOLDER / "index.md": INDEX.format(rows="\n".join(rows)),
        **{FOLDER / f"{rule.name}.md": page(rule) for rule in ALL_RULES},
        **pictures,
    }


def navigation(text: str) -> str:
    """The text of mkdocs.yml with the pages of all rules in it."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    lines = []
    for beginning, title in GROUPS.items():
        lines.append(f"      - {title}:\n")
        rules = [rule for rule in ALL_RULES if rule.code.startswith(beginning)]
        lines += [f"          - {rule.code} {rule.name}: rules/{rule.name}.md\n" for rule in rules]
    return "".join((before, start, *lines, end, after))


def main() -> int:
    """Write the pages, or compare them with ``--check``; remove those of rules that are gone."""
    wanted = {NAVIGATION: navigation(NAVIGATION.read_text(encoding="utf-8")), **pages()}
    there = {path: path.read_text(encoding="utf-8") for path in (NAVIGATION, *FOLDER.glob("*.*"))}
    stale = sorted(path for path in {*wanted, *there} if wanted.get(path) != there.get(path))
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT).as_posix()} is not up to date: run python -m tools.document_rules")
        return int(bool(stale))
    FOLDER.mkdir(exist_ok=True)
    for path in stale:
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
