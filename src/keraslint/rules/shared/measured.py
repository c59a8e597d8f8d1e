"""The results of measuring the calls that a rule is about, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from packaging.version import Version

from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.behaviour.known_bad_entry import KnownBad
from keraslint.behaviour.measured import shown
from keraslint.behaviour.measured.cases import MODELS, Case
from keraslint.behaviour.measured.table import Table, TrainedOutcome, load
from keraslint.behaviour.measured.verdict import lost_metrics, metric_is_wrong, verdict
from keraslint.rules.shared.wording import releases

_KNOWN_BAD = "known-bad"


def measured(facts: Sequence[str]) -> str:
    """The range of measured releases, and what was seen of each fact by release, as Markdown.

    ``facts`` as in ``verdicts``. Raises KeyError for one that is not in the table.
    """
    table = load()
    first, last = table.releases[0], table.releases[-1]
    head = f"Measured on each Keras release from {first} to {last}, the newest tried, on {table.measured}:"
    if all(fact.startswith(_KNOWN_BAD) for fact in facts):
        programs = shown.load(known_bad_call(facts[0].rpartition(": ")[2]).backend)
        first, last = programs.releases[0], programs.releases[-1]
        count = f"{len(programs.releases)} Keras releases from {first} to {last}, the newest tried"
        head = f"Measured on {count}, with {programs.on}, on {programs.measured}; others count as the last one before:"
    return "\n".join((head, "", *(_line(fact) for fact in facts)))


def verdicts(fact: str) -> dict[Version, str]:
    """The result for a fact on each measured release. Raises KeyError if it was not measured.

    A fact is the text of a ``Case``: right, misrouted or raises; ``metrics: CASE``: the same, for nothing but its
    metrics; ``logs: CASE``: right if the history holds the loss of each output, else missing; ``called: MODEL``:
    right if calling the model gives each value under its own key; ``known-bad: NAME``: what was seen of that entry.
    """
    table = load()
    return dict(zip(table.releases, _seen(table, fact), strict=True))


def _elsewhere(entry: KnownBad) -> str:
    """What other backends do that differs in more than a number, by the releases on which it was tried."""
    parts = (
        f"; with {backend} {', '.join(f'{outcome} on {release}' for release, outcome in outcomes.items())}"
        for backend, outcomes in entry.elsewhere().items()
    )
    return "".join(parts)


def _issues(entry: KnownBad) -> str:
    links = (f"[{issue}](https://github.com/keras-team/keras/issues/{issue})" for issue in entry.issues)
    return f" (keras-team/keras {', '.join(links)})" if entry.issues else ""


def _seen(table: Table, fact: str) -> Iterator[str]:
    what, _, text = fact.rpartition(": ")
    if what == _KNOWN_BAD:
        yield from (str(known_bad_call(text).on(one)) for one in table.releases)
        return
    if what == "called":
        exchanged = table.releases_that_exchange_values(text)
        yield from ("each under another key" if one in exchanged else "right" for one in table.releases)
        return
    case = Case.parse(text)
    for span in table.spans(case):
        seen: str = verdict(case, span.outcome)
        if isinstance(span.outcome, TrainedOutcome) and what == "metrics":
            wrong = any(metric_is_wrong(case, one) for one in span.outcome.metrics) or lost_metrics(case, span.outcome)
            seen = "misrouted" if wrong else "right"
        elif isinstance(span.outcome, TrainedOutcome) and what == "logs":
            seen = "right" if span.outcome.logs else "missing"
        yield from (seen for release in table.releases if span.first <= release <= span.last)


def _line(fact: str) -> str:
    runs = [
        (seen, releases([release for release, _ in run]))
        for seen, run in groupby(verdicts(fact).items(), key=lambda item: item[1])
    ]
    what, _, text = fact.rpartition(": ")
    if what == _KNOWN_BAD:
        entry = known_bad_call(text)
        seen_on = "; ".join(f"{seen} on {where}" for seen, where in runs)
        return f"- {entry.pattern}. Measured: {entry.shows}: {seen_on}{_elsewhere(entry)}{_issues(entry)}"
    ranges = ", ".join(f"{seen} on {where}" for seen, where in runs)
    if what == "called":
        return f"- outputs: {MODELS[text].words}; the values of `model(x)`: {ranges}"
    case = Case.parse(text)
    asked = {"metrics": "; the metrics", "logs": "; the `<name>_loss` of each output in the history", "": ""}[what]
    return f"- outputs: {MODELS[case.model].words}; {case.in_words}{asked}: {ranges}"
