"""Writes docs/known-bad.md from the table of what is known to be wrong with Keras releases.

With ``--check`` it writes nothing: it exits with 1 if the page is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from keraslint.behaviour.known_bad_calls import KNOWN_BAD
from keraslint.behaviour.known_bad_entry import KnownBad
from keraslint.behaviour.measured.shown import load
from keraslint.rules.registry import ALL_RULES
from keraslint.rules.shared.wording import releases

PAGE = Path(__file__).resolve().parents[1] / "docs" / "known-bad.md"

HEAD = """\
# What is known to be wrong with Keras releases

Each row was measured: its program in `tests/known_bad` ran on {releases} with {on} on
{measured}, and a release on which it did not run counts as the last one before it. What needs TensorFlow ran
with {other} on {few}. `keraslint keras --known-bad` lists
the rows about the releases that a project allows. Written by `tools/document_known_bad.py`.

| call | releases | what is seen | write instead | rule | keras-team/keras |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The text of the page."""
    table, other = load(), load("tensorflow")
    numbers, few = (", ".join(map(str, one.releases)) for one in (table, other))
    head = HEAD.format(releases=numbers, on=table.on, measured=table.measured, other=other.on, few=few)
    return head + "".join(map(_row, KNOWN_BAD))


def _row(entry: KnownBad) -> str:
    rules = (rule for rule in ALL_RULES if f"known-bad: {entry.name}" in rule.measured)
    links = ", ".join(f"[{rule.code}](rules/{rule.name}.md)" for rule in rules)
    issues = ", ".join(f"[{issue}](https://github.com/keras-team/keras/issues/{issue})" for issue in entry.issues)
    seen = f"{entry.shows}: {'; '.join(_seen(entry))}"
    return f"| {entry.pattern} | {releases(entry.releases())} | {seen} | {entry.cure} | {links} | {issues} |\n"


def _seen(entry: KnownBad) -> Iterator[str]:
    """What is seen where it goes wrong, with the releases where that is not the same on all of them."""
    runs = [(str(outcome), [*run]) for outcome, run in groupby(entry.releases(), key=entry.on)]
    for outcome, run in runs:
        yield outcome if len(runs) == 1 else f"{outcome} on {releases(run)}"
    for backend, outcomes in entry.elsewhere().items():
        yield f"with {backend} " + ", ".join(f"{outcome} on {release}" for release, outcome in outcomes.items())


def main() -> int:
    """Write the page, or compare it with ``--check``."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted
        if stale:
            print("docs/known-bad.md is not up to date: run tools/document_known_bad.py")
        return int(stale)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
