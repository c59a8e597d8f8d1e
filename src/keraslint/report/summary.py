"""The lines about a run as a whole: how many findings and fixes, by which rules, and the diff."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from keraslint.diagnostic import Diagnostic, Severity
from keraslint.fixes.apply import ALWAYS, applicable_fix, asking_for, best_fix
from keraslint.notebook.places import is_notebook, split_cells
from keraslint.report.concise import Colour, paint
from keraslint.words import one_line

_DOES = {
    "tuple": ("that changes the call", "that change the call"),
    "safe-compile": ("that lets keraslint's runtime compile", "that let keraslint's runtime compile"),
    "upgrade": ("that raises the pin of Keras", "that raise the pin of Keras"),
}
"""By style, what one fix of it does, and what several do."""


def summary(
    remaining: Sequence[Diagnostic],
    fixed: Sequence[Diagnostic],
    *,
    fixing: bool,
    style: str,
    unsafe: bool,
    gone: int = 0,
) -> str:
    """The closing lines, worded as Ruff's; "" if nothing was found. ``gone``: what a fixed pin made right, too."""
    notes = len({item.filename for item in remaining if item.severity is Severity.NOTE})
    said = f"{notes} file{' was' if notes == 1 else 's were'} not checked to the end.\n" if notes else ""
    left = [item for item in remaining if item.severity is not Severity.NOTE]
    total = len(left) + len(fixed) + gone
    if not total:
        return said
    right = f", {gone} right with the new pin" if gone else ""
    counts = f" ({len(fixed)} fixed{right}, {len(left)} remaining)" if fixing else ""
    found = f"{total} findings" if gone else _counted([*left, *fixed])
    return f"Found {found}{counts}.\n" + _fixable(remaining, style, unsafe) + said


def would_fix(fixed: Sequence[Diagnostic], remaining: Sequence[Diagnostic], *, style: str, unsafe: bool) -> str:
    """The closing lines of ``--diff``; "" if there is no fix."""
    hidden, others = _hidden(remaining, style, unsafe), _others(remaining, style, unsafe)
    if fixed:
        more = f" ({hidden} additional {_fixes(hidden)} available with `--unsafe-fixes`)" if hidden else ""
        return f"Would fix {_counted(fixed)}{more}.\n" + others
    more = f" ({hidden} {_fixes(hidden)} available with `--unsafe-fixes`)" if hidden else ""
    return f"Nothing would be fixed{more}.\n" + others if hidden or others else ""


def fixed_rules(fixed: Sequence[Diagnostic], *, done: bool) -> str:
    """The list of ``--show-fixes``: by file, the number of fixes for each rule; "" if there are none."""
    if not fixed:
        return ""
    lines = [f"{'Fixed' if done else 'Would fix'} {_counted(fixed)}:"]
    for filename in dict.fromkeys(diagnostic.filename for diagnostic in fixed):
        lines.append(f"- {one_line(filename)}:")
        rules = Counter((item.code, item.name) for item in fixed if item.filename == filename)
        width = len(str(max(rules.values())))
        lines += [
            f"    {count:>{width}} \N{MULTIPLICATION SIGN} {code} ({name})"
            for (code, name), count in rules.most_common()
        ]
    return "\n".join(lines) + "\n\n"


def statistics(diagnostics: Sequence[Diagnostic], *, style: str, unsafe: bool, as_json: bool) -> str:
    """The number of findings of each rule, the most frequent first, marked if all or some of them can be fixed."""
    found = Counter((item.code, item.name) for item in diagnostics)
    fixable = Counter(item.code for item in diagnostics if applicable_fix(item, unsafe=unsafe, style=style) is not None)
    rows = sorted(found.items(), key=lambda row: (-row[1], row[0]))
    if as_json:
        import json

        items = [
            {
                "code": code,
                "name": name,
                "count": count,
                "fixable": fixable[code] == count,
                "fixable_count": fixable[code],
            }
            for (code, name), count in rows
        ]
        return json.dumps(items, indent=2) + "\n"
    width = max((len(str(count)) for count in found.values()), default=0)
    lines = []
    for (code, name), count in rows:
        mark = "*" if fixable[code] == count else "-" if fixable[code] else " "
        some = f" ({fixable[code]} of {count} fixable)" if mark == "-" else ""
        lines.append(f"{count:>{width}}\t{code}\t[{mark}] {name}{some}\n")
    return "".join(lines)


def diff(filename: str, before: str, after: str, *, to_terminal: bool = False) -> str:
    """A unified diff, "" if nothing changes: exact, as a program reads it, or with one line a line for a terminal.

    In a notebook one for each cell that changes.
    """
    if not is_notebook(filename):
        return unified(filename, before, after, to_terminal=to_terminal)
    cells = enumerate(zip(split_cells(before), split_cells(after), strict=True), 1)
    return "".join(
        unified(f"{filename}:cell {number}", f"{old}\n", f"{new}\n", to_terminal=to_terminal)
        for number, (old, new) in cells
    )


def coloured(diff: str, *, on: bool) -> str:
    """A unified diff as git shows it on a terminal: removed lines red, added ones green, places cyan."""
    if not on:
        return diff
    lines = _lines(diff)
    return "".join(paint(line.rstrip("\n"), _colour(line), on) + "\n" * line.endswith("\n") for line in lines)


def _colour(line: str) -> Colour | None:
    if line.startswith(("--- ", "+++ ")):
        return "bold"
    colours: dict[str, Colour] = {"-": "red", "+": "green", "@": "cyan"}
    return colours.get(line[:1])


def unified(filename: str, before: str, after: str, *, to_terminal: bool = False) -> str:
    """The diff of one text."""
    import difflib

    name = one_line(filename)
    lines = difflib.unified_diff(_lines(before), _lines(after), name, name)
    if to_terminal:
        lines = (one_line(line.removesuffix("\n")) + "\n" * line.endswith("\n") for line in lines)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    # Not splitlines: a form feed or U+2028 does not end a line of a patch.
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _fixable(diagnostics: Sequence[Diagnostic], style: str, unsafe: bool) -> str:
    now = sum(applicable_fix(item, unsafe=unsafe, style=style) is not None for item in diagnostics)
    hidden = _hidden(diagnostics, style, unsafe)
    more = f"{hidden} hidden {_fixes(hidden)} can be enabled with the `--unsafe-fixes` option"
    others = _others(diagnostics, style, unsafe)
    if now:
        return f"[*] {now} fixable with the `--fix` option{f' ({more})' if hidden else ''}.\n" + others
    return (f"No fixes available ({more}).\n" if hidden else "") + others


def _others(diagnostics: Iterable[Diagnostic], style: str, unsafe: bool) -> str:
    """The options that apply the fixes of findings without a fix of this style, one on each line."""
    fixes = (best_fix(item, style) for item in diagnostics)
    others = [fix for fix in fixes if fix and fix.style not in (style, *ALWAYS)]
    options = Counter((asking_for(fix, unsafe=unsafe), fix.style) for fix in others)
    return "".join(
        f"{count} {_fixes(count)} {_DOES[style][count > 1]} can be enabled with {option}.\n"
        for (option, style), count in sorted(options.items())
    )


def _hidden(diagnostics: Iterable[Diagnostic], style: str, unsafe: bool) -> int:
    """The number of diagnostics with a fix of this style that only ``--unsafe-fixes`` applies."""
    return sum(
        applicable_fix(item, unsafe=unsafe, style=style) is None
        and applicable_fix(item, unsafe=True, style=style) is not None
        for item in diagnostics
    )


def _counted(found: Sequence[Diagnostic]) -> str:
    """How many findings there are of each severity: "1 error, 2 warnings"."""
    counts = Counter(item.severity for item in found)
    return ", ".join(f"{counts[one]} {one.value}{'' if counts[one] == 1 else 's'}" for one in Severity if counts[one])


def _fixes(count: int) -> str:
    return "fix" if count == 1 else "fixes"
