"""The summary as a page of HTML with plots, which loads nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path

from keraslint.config.settings import ConfigError
from keraslint.extras import command_for
from keraslint.fleet.tally import Tally

_MOST_BARS = 20
_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
td:last-child, th:last-child { text-align: right; } svg { max-width: 100%; height: auto; }
"""


def write_page(path: Path, counts: Tally) -> None:
    """Write the page. Raises ConfigError."""
    rules = counts.by_rule.most_common(_MOST_BARS)
    releases = [(f"{code}, Keras {keras}", count) for (code, keras), count in counts.by_release.most_common(_MOST_BARS)]
    parts = [
        ("Findings by rule", _bars(rules, "findings"), _table("rule", rules)),
        ("Findings by rule and allowed releases", _bars(releases, "findings"), _table("rule, releases", releases)),
        ("Repositories with most findings", _bars(counts.top(), "findings"), _table("repository", counts.top())),
        ("Not checked", "", _table("reason", counts.failures.most_common())),
    ]
    sections = "".join(f"<h2>{escape(title)}</h2>\n{plot}{table}" for title, plot, table in parts)
    text = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>keraslint fleet</title>\n'
        f"<style>\n{_STYLE}</style>\n<h1>keraslint fleet</h1>\n<p>{escape(next(counts.lines()))}.</p>\n"
        f"{sections}</html>\n"
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"--report {path}: {error.strerror}") from error


def _bars(counts: Sequence[tuple[str, int]], unit: str) -> str:
    """A plot of horizontal bars as SVG. Raises ConfigError."""
    if not counts:
        return ""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError(f"--report needs matplotlib; run `{command_for('fleet')}`") from error
    with rc_context({"svg.hashsalt": "keraslint", "text.parse_math": False}):
        figure = Figure(figsize=(9, 0.6 + 0.32 * len(counts)), layout="constrained")
        axes = figure.subplots()
        names, numbers = [name[-60:] for name, _ in counts], [count for _, count in counts]
        axes.barh(range(len(counts)), numbers, color="#c62828")
        axes.set_yticks(range(len(counts)), names)
        axes.invert_yaxis()
        axes.set_xlabel(unit)
        axes.spines[["top", "right"]].set_visible(False)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()[file.getvalue().index("<svg") :]


def _table(head: str, counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return "<p>None.</p>\n"
    rows = "".join(f"<tr><td>{escape(name)}</td><td>{count}</td></tr>\n" for name, count in counts)
    return f"<table>\n<tr><th>{escape(head)}</th><th>count</th></tr>\n{rows}</table>\n"
