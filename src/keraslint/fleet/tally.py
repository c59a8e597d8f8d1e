"""The summary of an output: what was found, by rule, by release and by repository, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from keraslint.fleet.rows import CHECKED, FINDING

_MOST = 10


@dataclass
class Tally:
    """Counts over rows. by_rule: findings by code and name. by_release: by code and the releases that are allowed."""

    repositories: int = 0
    with_findings: int = 0
    files: int = 0
    seconds: float = 0.0
    by_rule: Counter[str] = field(default_factory=Counter)
    by_release: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_repository: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    unchecked: int = 0

    def lines(self) -> Iterator[str]:
        """The summary in lines."""
        found = self.by_rule.total()
        yield (
            f"{self.repositories} repositories, {self.files} files looked at: {found} findings in "
            f"{self.with_findings} repositories; {self.unchecked} repositories not checked"
        )
        yield from _table("findings by rule", self.by_rule.most_common())
        pairs = [(f"{code}  Keras {keras}", count) for (code, keras), count in self.by_release.most_common(_MOST)]
        yield from _table("findings by rule and allowed releases", pairs)
        yield from _table("repositories with most findings", self.top())
        yield from _table("not checked, by reason", self.failures.most_common(_MOST))

    def top(self) -> list[tuple[str, int]]:
        """The repositories with the most findings."""
        return self.by_repository.most_common(_MOST)


def tally(rows: Iterable[Mapping[str, Any]]) -> Tally:
    """The counts over the rows of an output."""
    counts = Tally()
    for row in rows:
        if row["kind"] == CHECKED:
            counts.repositories += 1
            counts.files += row["files"]
            counts.seconds += row["seconds"]
        elif row["kind"] == FINDING:
            counts.by_rule[f"{row['code']} {row['name']}"] += 1
            counts.by_release[row["code"], row.get("keras") or "of any release"] += 1
            counts.by_repository[row["repository"]] += 1
        else:
            counts.failures[row["reason"]] += 1
            counts.unchecked += not row["path"]
    counts.with_findings = len(counts.by_repository)
    return counts


def _table(title: str, counts: list[tuple[str, int]]) -> Iterator[str]:
    if counts:
        yield ""
        yield f"{title}:"
        yield from (f"{count:8}  {name}" for name, count in counts)
