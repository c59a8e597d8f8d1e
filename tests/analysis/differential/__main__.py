"""Runs many programs and prints where the interpreter disagrees with CPython, by the forms that it takes."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from functools import partial

from .check import Tally, check, shows
from .comparison import Disagreement, describe
from .disagreeing import is_free, is_listed
from .programs import Program, generate, joined
from .run import Runner
from .shrink import shortest, simplest
from .writer import every


def main() -> int:
    """Run the command; 1 if there is a disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.analysis.differential", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="how many programs")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--shrink", action="store_true", help="make each program that disagrees as short as possible")
    parser.add_argument("--only", action="append", default=[], help="a form ('topic: form') to choose most of the time")
    parser.add_argument("--show", type=int, default=1, help="how many programs of each group are printed")
    parser.add_argument("--strict", action="store_true", help="a call that is said has to happen, too")
    parser.add_argument("--unlisted", action="store_true", help="only forms that are not listed as disagreeing")
    wanted = parser.parse_args()
    allowed = is_free if wanted.unlisted else every
    tally, start = Tally(), time.perf_counter()
    found: dict[tuple[str, ...], list[tuple[Program, Disagreement]]] = {}
    raw = 0
    with Runner() as runner:
        for number in range(wanted.count):
            program = generate(wanted.seed * 1_000_003 + number, allowed, frozenset(wanted.only))
            if wanted.unlisted and is_listed(program.forms):
                continue
            for one in check(program.files, runner, tally, strict=wanted.strict)[:1]:
                raw += 1
                if wanted.shrink:
                    program = simplest(program, partial(shows, one.wrong, runner))
                found.setdefault(program.forms, []).append((program, one))
        seconds = time.perf_counter() - start
        _print_table(found, wanted.shrink, wanted.show, runner)
    print(
        f"{tally.programs} programs in {seconds:.0f} s: {tally.ended} ended well, {tally.compiled} compiled a model,"
        f" {tally.slow} are slow;"
        f" {raw} disagreements in {len(found)} groups"
    )
    return int(bool(found))


def _print_table(
    found: dict[tuple[str, ...], list[tuple[Program, Disagreement]]], shrink: bool, show: int, runner: Runner
) -> None:
    if not shrink:
        counted = Counter(form for forms, group in found.items() for form in forms for _ in group)
        for form, count in counted.most_common():
            print(f"{count:5}  {form}")
        return
    for forms, group in sorted(found.items(), key=lambda pair: -len(pair[1])):
        wrong = Counter(one.wrong for _, one in group)
        print(f"== {len(group)}  {' + '.join(forms) or 'nothing special'}  ({', '.join(wrong)})")
        for program, one in group[:show]:
            reduced = shortest(program.files, partial(shows, one.wrong, runner))
            for again in check(reduced, runner, strict=one.wrong in ("no such call", "analysis is slow"))[:1]:
                print(describe(joined(reduced), again))


if __name__ == "__main__":
    sys.exit(main())
