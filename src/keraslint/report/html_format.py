"""A report for people, as one HTML file: what was found, its source, what reaches which output, and the fix.

It holds no script and loads nothing, which its own policy forbids, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby

from keraslint.behaviour.drawn import panels
from keraslint.diagnostic import Diagnostic, Evidence, Fix, Severity
from keraslint.document import Document
from keraslint.fixes.apply import applicable_fix, best_fix, edited
from keraslint.notebook.places import text_of_cell
from keraslint.picture import STYLE as PICTURE_STYLE
from keraslint.picture import picture
from keraslint.report.concise import place_in_words
from keraslint.report.full import CONTEXT, MAX_LINES, fix_in_words, shown_line
from keraslint.report.summary import unified
from keraslint.rules.shared.wording import releases
from keraslint.site import SITE
from keraslint.words import one_line

STYLE = """
:root{color-scheme:light dark;--page:#fff;--text:#1f2328;--quiet:#57606a;--line:#d0d7de;--card:#f6f8fa;--link:#0550ae;
--bad:#a40e26;--warn:#7d4e00;--mark:#ffebe9;--added:#dafbe1;--removed:#ffebe9}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--text:#e6edf3;--quiet:#9da7b3;--line:#30363d;--card:#161b22;
--link:#79b8ff;--bad:#ff8f88;--warn:#e3b341;--mark:#5c1f24;--added:#12391f;--removed:#4a1a1e}}
body{background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;
padding:1rem;overflow-wrap:break-word}
a{color:var(--link)}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.5rem}h3{font-size:1rem;margin:.2rem 0}
table{border-collapse:collapse}th,td{border-bottom:1px solid var(--line);padding:.3rem 1rem .3rem 0;text-align:left}
td.n,th.n{text-align:right}article{border:1px solid var(--line);border-radius:8px;margin:1rem 0;padding:1rem}
.place{color:var(--quiet);font-size:.9rem;margin:0}.error{color:var(--bad)}.warning,.note{color:var(--warn)}
pre{background:var(--card);border-radius:6px;font:13px/1.5 ui-monospace,monospace;overflow-x:auto;padding:.6rem 0}
pre span{display:block;padding:0 .8rem;white-space:pre}pre i{color:var(--quiet);font-style:normal;user-select:none}
mark{background:var(--mark);color:inherit;text-decoration:underline;text-decoration-color:var(--bad)}
.add{background:var(--added)}.del{background:var(--removed)}.picture{overflow-x:auto}ul{padding-left:1.2rem}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render_html(diagnostics: Sequence[Diagnostic], text_of: Callable[[str], str], *, style: str, unsafe: bool) -> str:
    """The whole page, with no line that a service takes for a command."""
    parts = [*_head(), *_summary(diagnostics, style, unsafe)]
    number = 0
    for filename, found in groupby(diagnostics, key=lambda one: one.filename):
        parts.append(f"<section><h2>{_safe(filename)}</h2>")
        for diagnostic in found:
            number += 1
            parts += _finding(number, diagnostic, text_of(filename), style)
        parts.append("</section>")
    parts.append("</main></body></html>")
    return "\n".join(parts).replace("##", "#&#35;") + "\n"


def _safe(text: str) -> str:
    return escape(one_line(text))


def _with_code(text: str) -> str:
    """A message, with what stands between back quotes as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", _safe(text))


def _head() -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8"><title>keraslint report</title>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{STYLE}{PICTURE_STYLE}</style></head><body><main>"


def _summary(diagnostics: Sequence[Diagnostic], style: str, unsafe: bool) -> Iterator[str]:
    yield f'<h1><a href="{SITE}">keraslint</a> report</h1>'
    if not diagnostics:
        yield "<p>Nothing was found.</p>"
        return
    kinds = Counter(one.severity for one in diagnostics)
    files = len({one.filename for one in diagnostics})
    said = [f"{kinds[one]} {one.value}{'' if kinds[one] == 1 else 's'}" for one in Severity if kinds[one]]
    yield f"<p>{', '.join(said)} in {files} file{'' if files == 1 else 's'}.</p>"
    yield '<table><thead><tr><th scope="col">rule</th><th scope="col" class="n">found</th>'
    yield '<th scope="col" class="n"><code>--fix</code> fixes</th><th scope="col">in</th></tr></thead><tbody>'
    by_rule: dict[tuple[str, str, str], list[int]] = {}
    for number, one in enumerate(diagnostics):
        by_rule.setdefault((one.code, one.name, one.url), []).append(number)
    for (code, name, url), numbers in sorted(by_rule.items()):
        fixes = sum(applicable_fix(diagnostics[one], unsafe=unsafe, style=style) is not None for one in numbers)
        links = ", ".join(f'<a href="#finding-{one + 1}">{one + 1}</a>' for one in numbers)
        yield f'<tr><td><a href="{escape(url)}">{code} {name}</a></td><td class="n">{len(numbers)}</td>'
        yield f'<td class="n">{fixes}</td><td>{links}</td></tr>'
    yield "</tbody></table>"


def _finding(number: int, diagnostic: Diagnostic, text: str, style: str) -> Iterator[str]:
    place = f"{_safe(diagnostic.filename)}:{place_in_words(diagnostic)}"
    level = diagnostic.severity.value
    yield f'<article id="finding-{number}"><p class="place">{number}. {place}: <b class="{level}">{level}</b>, '
    yield f'<a href="{escape(diagnostic.url)}">{diagnostic.code} {diagnostic.name}</a></p>'
    yield f"<h3>{_with_code(diagnostic.message)}</h3>"
    document = Document(diagnostic.filename, text_of_cell(text, diagnostic.cell))
    yield _pre(_source(diagnostic, document), "The source")
    if diagnostic.drawn is not None and (drawn := panels(diagnostic.drawn, lambda alike: f"Keras {releases(alike)}")):
        yield '<div class="picture" tabindex="0" role="group" aria-label="What reaches which output">'
        svg = picture(drawn, f"{diagnostic.code} {diagnostic.name}")
        yield re.sub(r"\s*<style>.*?</style>", "", svg, flags=re.DOTALL) + "</div>"
    if diagnostic.keras is not None and diagnostic.keras.evidence:
        yield "<p>What says which Keras the project gets:</p><ul>"
        yield from (f"<li>{_evidence(one)}</li>" for one in diagnostic.keras.evidence)
        yield "</ul>"
    fix = best_fix(diagnostic, style)
    if fix is not None:
        yield f"<p>Fix: {_with_code(fix_in_words(fix, style))}</p>"
        yield from (_pre(lines, "The fix") for lines in _diffs(diagnostic, fix, text))
    yield "</article>"


def _pre(lines: Sequence[str], label: str) -> str:
    return f'<pre tabindex="0" role="group" aria-label="{label}">{"".join(lines)}</pre>'


def _source(diagnostic: Diagnostic, document: Document) -> list[str]:
    """The flagged lines and those around them, with what is flagged marked."""
    start, end = diagnostic.span.start, diagnostic.span.end
    first, last = max(1, start.row - CONTEXT), min(len(document.lines), end.row + CONTEXT)
    width, lines = len(str(last)), []
    for row in range(first, last + 1):
        if end.row - start.row > MAX_LINES and start.row + 4 <= row <= end.row - 4:
            if row == start.row + 4:
                lines.append(f"<span><i>{'…'.rjust(width)}</i></span>")
            continue
        line = document.lines[row - 1].rstrip("\r\n")
        begin = start.column - 1 if row == start.row else len(line) - len(line.lstrip())
        stop = end.column - 1 if row == end.row else len(line)
        if start.row <= row <= end.row and line[begin:stop].strip():
            parts = (escape(shown_line(part)) for part in (line[:begin], line[begin:stop], line[stop:]))
            code = "{}<mark>{}</mark>{}".format(*parts)
        else:
            code = escape(shown_line(line))
        lines.append(f"<span><i>{str(row).rjust(width)}</i> {code}</span>")
    return lines


def _evidence(item: Evidence) -> str:
    cell = "" if item.cell is None else f"cell {item.cell}:"
    place = f"{one_line(item.filename)}:{cell}{item.row}" if item.row else one_line(item.filename)
    return f"{escape(place)}: <code>{_safe(item.text)}</code>" if item.text else escape(place)


_KINDS = {"+": "add", "-": "del", "@": "place"}


def _diffs(diagnostic: Diagnostic, fix: Fix, text: str) -> Iterator[list[str]]:
    """The fix as a diff; in a notebook one for each cell that it changes."""
    for cell in sorted({edit.cell or 0 for edit in fix.edits}):
        before = text_of_cell(text, cell or None)
        after = edited(Document(diagnostic.filename, before), [one for one in fix.edits if (one.cell or 0) == cell])
        if cell:
            before, after = f"{before}\n", f"{after}\n"
        lines = unified("", before, after).removesuffix("\n").split("\n")[2:]  # without the two lines of file names
        heading = [f"<span><i>cell {cell}</i></span>"] if cell else []
        yield heading + [
            f'<span class="{_KINDS.get(line[:1], "same")}">{escape(line[:1] + shown_line(line[1:]))}</span>'
            for line in lines
        ]
