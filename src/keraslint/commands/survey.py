"""``keraslint fleet``: check many repositories on an engine, and sum up what was found."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from keraslint import __version__
from keraslint.commands.parsers import finder_of, fleet_parser, warn
from keraslint.commands.progress import Progress
from keraslint.config.options import OPTIONS, attribute
from keraslint.config.settings import ConfigError
from keraslint.fleet.child import Work
from keraslint.fleet.corpora import places_in
from keraslint.fleet.corpus_rows import Columns
from keraslint.fleet.engines import dask, local
from keraslint.fleet.outputs import done_in, output_for
from keraslint.fleet.running import Survey
from keraslint.fleet.tally import tally
from keraslint.words import one_line


def run(arguments: Sequence[str]) -> int:
    """Run the command; 2 if the output names a repository that was not checked. Raises ConfigError."""
    args = fleet_parser().parse_intermixed_args(arguments)
    if any("=" not in text for text in args.config):
        raise ConfigError("keraslint fleet takes --config KEY=VALUE alone: each repository has its own file")
    work, output = _work(args), output_for(args.output)
    jobs = args.jobs or os.cpu_count() or 1
    progress = Progress("repositories", quiet=args.quiet)
    try:
        done = done_in(output, work.run)
        with progress, dask(args.scheduler, jobs) if args.engine == "dask" else local(jobs) as engine:
            checking = Survey(engine, work, output, done, progress.seen)
            checking.over(places_in(args.sources, work.columns))
    finally:
        output.close()
    if checking.skipped:
        warn(f"{checking.skipped} repositories are in {args.output} already, and were not checked again", args)
    if args.output == "-":
        return 0
    counts = tally(output_for(args.output).rows())
    if not args.quiet:
        print("\n".join(map(one_line, counts.lines())), file=sys.stderr)
    if args.report is not None:
        from keraslint.fleet.page import write_page

        write_page(Path(args.report), counts)
    return 2 if counts.unchecked else 0


def _work(args: argparse.Namespace) -> Work:
    """What every process needs to know. Raises ConfigError."""
    finder = finder_of(args, Path.cwd())
    if finder.command.environment is not None or finder.command.baseline is not None:
        raise ConfigError("keraslint fleet takes neither --environment nor --baseline: no repository has them")
    said = [
        f"{key}={getattr(finder.command, attribute(key))}"
        for key in OPTIONS
        if getattr(finder.command, attribute(key)) is not None
    ]
    said += args.config
    said += ["isolated"] if args.isolated else []
    return Work(
        options=finder.command,
        inline=finder.inline,
        isolated=args.isolated,
        columns=Columns(args.repository_column, args.path_column, args.content_column),
        seconds=args.seconds,
        megabytes=args.memory,
        run=" ".join([f"keraslint {__version__}", *said]),
    )
