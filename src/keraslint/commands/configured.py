"""The settings that the arguments of a command ask for, and its warnings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from keraslint.config.find import ConfigFinder
from keraslint.config.options import OPTIONS, Options, attribute
from keraslint.config.parse import inline_options, options_of
from keraslint.config.settings import ConfigError
from keraslint.words import one_line


def finder_of(args: argparse.Namespace, cwd: Path) -> ConfigFinder:
    """The finder of the settings that arguments and configuration files ask for. Raises ConfigError."""
    files = [text for text in args.config if "=" not in text or (cwd / text).is_file()]
    if len(files) > 1:
        raise ConfigError("--config names more than one file")
    if files and args.isolated:
        raise ConfigError("--config with a file and --isolated exclude each other")
    inline = inline_options([text for text in args.config if text not in files])
    return ConfigFinder(
        cwd,
        _options(args),
        inline=inline,
        isolated=args.isolated,
        explicit=Path(files[0]) if files else None,
        warn=lambda line: warn(line, args),
    )


def _options(args: argparse.Namespace) -> Options:
    """The options of the command line. Raises ConfigError."""
    said = {key: vars(args).get(attribute(key)) for key in OPTIONS}
    return options_of({key: value for key, value in said.items() if value is not None}, lambda key, _: f"--{key}")


def warn(line: str, args: argparse.Namespace) -> None:
    """Print one line to stderr, unless warnings are off."""
    if not args.quiet:
        print(f"warning: {one_line(line)}", file=sys.stderr)
