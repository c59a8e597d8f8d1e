"""Programs by the number, and where what is said of one disagrees with what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .comparison import Disagreement, TooSlow, compare
from .run import Runner


@dataclass
class Tally:
    """How many programs were run, ended without error, compiled a model, are no Python, and take long to analyse."""

    programs: int = 0
    ended: int = 0
    compiled: int = 0
    broken: int = 0
    slow: int = 0


def check(
    files: Mapping[str, str], runner: Runner, tally: Tally | None = None, *, strict: bool = False
) -> list[Disagreement]:
    """The disagreements about a program; an analysis that raises is one, too."""
    reports = runner.run(files)
    if tally is not None:
        tally.programs += 1
        tally.broken += any("SyntaxError" in report["end"] for report in reports)
        tally.ended += bool(reports) and all(report["end"] == "ok" for report in reports)
        tally.compiled += any(report["records"] for report in reports)
    try:
        return compare(files, reports, strict=strict)
    except TooSlow:
        if tally is not None:
            tally.slow += 1
        return [Disagreement("analysis is slow", ("main.py", 0), "", "")] if strict else []
    except Exception as error:
        return [Disagreement(f"analysis raises {type(error).__name__}", ("main.py", 0), str(error), "")]


def shows(kind: str, runner: Runner, files: Mapping[str, str]) -> bool:
    """True if something is wrong about a program, of this kind or, where it happened, of a like one."""
    try:
        compile(files["main.py"], "main.py", "exec")
    except SyntaxError:
        return False
    return any(
        _alike(one.wrong, kind) for one in check(files, runner, strict=kind in ("no such call", "analysis is slow"))
    )


def _alike(one: str, other: str) -> bool:
    apart = ("no such call", "analysis")
    return one == other or not (one.startswith(apart) or other.startswith(apart))
