from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from keraslint.diagnostic import Diagnostic
from keraslint.report.summary import coloured, diff, fixed_rules, statistics, summary, would_fix


def closing(
    *remaining: Diagnostic, fixed: Sequence[Diagnostic] = (), fixing: bool = False, unsafe: bool = False
) -> str:
    return summary(remaining, fixed, fixing=fixing, style="tuple", unsafe=unsafe)


def test_summary(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    bare = replace(one_row, fixes=())
    hidden = "1 hidden fix can be enabled with the `--unsafe-fixes` option"
    assert closing() == ""
    assert closing(bare) == "Found 1 error.\n"
    assert closing(one_row) == "Found 1 error.\n[*] 1 fixable with the `--fix` option.\n"
    assert closing(several_rows) == f"Found 1 warning.\nNo fixes available ({hidden}).\n"
    both = f"Found 1 error, 1 warning.\n[*] 1 fixable with the `--fix` option ({hidden}).\n"
    assert closing(one_row, several_rows) == both
    assert closing(one_row, several_rows, unsafe=True).endswith("[*] 2 fixable with the `--fix` option.\n")
    assert closing(bare, fixed=[several_rows] * 2, fixing=True) == (
        "Found 1 error, 2 warnings (2 fixed, 1 remaining).\n"
    )


def test_fixes_of_another_style_are_named_with_the_way_to_them(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    pin = replace(several_rows, fixes=tuple(replace(fix, style="upgrade") for fix in several_rows.fixes))
    safe = replace(one_row, fixes=tuple(replace(fix, style="safe-compile") for fix in one_row.fixes))
    upgrade = "1 fix that raises the pin of Keras can be enabled with `--unsafe-fixes --fix-style upgrade`.\n"
    assert closing(pin) == f"Found 1 warning.\n{upgrade}"
    assert closing(pin, one_row) == f"Found 1 error, 1 warning.\n[*] 1 fixable with the `--fix` option.\n{upgrade}"
    assert (
        closing(pin, unsafe=True)
        == "Found 1 warning.\n1 fix that raises the pin of Keras can be enabled with `--fix-style upgrade`.\n"
    )
    two = "2 fixes that let keraslint's runtime compile can be enabled with `--fix-style safe-compile`.\n"
    assert closing(safe, pin, safe) == f"Found 2 errors, 1 warning.\n{two}{upgrade}"
    assert would_fix([], [pin], style="tuple", unsafe=False) == f"Nothing would be fixed.\n{upgrade}"
    assert would_fix([one_row], [pin], style="tuple", unsafe=False) == f"Would fix 1 error.\n{upgrade}"
    assert would_fix([], [pin], style="upgrade", unsafe=True) == ""


def test_would_fix(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    assert would_fix([], [], style="tuple", unsafe=False) == ""
    assert would_fix([one_row] * 2, [], style="tuple", unsafe=False) == "Would fix 2 errors.\n"
    more = "Would fix 1 error (1 additional fix available with `--unsafe-fixes`).\n"
    assert would_fix([one_row], [several_rows], style="tuple", unsafe=False) == more
    none = "Nothing would be fixed (2 fixes available with `--unsafe-fixes`).\n"
    assert would_fix([], [several_rows] * 2, style="tuple", unsafe=False) == none


def test_fixed_rules(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    other = replace(several_rows, filename="other.py")
    assert fixed_rules([one_row, other, one_row], done=True) == (
        "Fixed 2 errors, 1 warning:\n"
        "- train.py:\n"
        "    2 \N{MULTIPLICATION SIGN} KER101 (misrouted-loss)\n"
        "- other.py:\n"
        "    1 \N{MULTIPLICATION SIGN} KER102 (unverified-loss-routing)\n\n"
    )
    assert fixed_rules([one_row], done=False).startswith("Would fix 1 error:\n")
    assert fixed_rules([], done=True) == ""


def test_statistics(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    found = [several_rows, one_row, replace(one_row, fixes=()), one_row]
    assert statistics(found, style="tuple", unsafe=False, as_json=False) == (
        "3\tKER101\t[-] misrouted-loss (2 of 3 fixable)\n1\tKER102\t[ ] unverified-loss-routing\n"
    )
    assert statistics([one_row], style="tuple", unsafe=False, as_json=False) == "1\tKER101\t[*] misrouted-loss\n"
    assert statistics([], style="tuple", unsafe=False, as_json=False) == ""
    rows = json.loads(statistics(found, style="tuple", unsafe=False, as_json=True))
    assert rows[0] == {
        "code": "KER101",
        "name": "misrouted-loss",
        "count": 3,
        "fixable": False,
        "fixable_count": 2,
    }


def test_diff() -> None:
    assert diff("a.py", "x\ny\n", "x\nz\n") == "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n"
    assert diff("a.py", "x\n", "x\n") == ""
    assert diff("a\nb.py", "x\n", "y\n").startswith("--- a\\nb.py\n+++ a\\nb.py\n")
    no_end = "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n"
    assert diff("a.py", "x", "y\n") == no_end
    assert diff("a.py", "a\fb\r\nx\r\n", "a\fb\r\ny\r\n").splitlines(keepends=True)[-1] == "+y\r\n"


def test_a_coloured_diff_is_the_diff_in_colours() -> None:
    plain = diff("a.py", "x = 1\ny = 2\n", "x = 1\ny = 3")
    shown = coloured(plain, on=True)
    assert "\x1b[1;31m-y = 2\x1b[0m\n\x1b[1;32m+y = 3\x1b[0m\n" in shown
    assert "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n x = 1\n" in shown
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == plain
    assert coloured(plain, on=False) == plain
