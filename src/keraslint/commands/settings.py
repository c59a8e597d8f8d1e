"""The options of a command as settings, and its warnings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from keraslint.config.find import ConfigFinder
from keraslint.config.parse import inline_options, keras_version_problem, selector_problem
from keraslint.config.settings import ConfigError, Options

_SELECTORS = ("select", "extend_select", "ignore", "extend_ignore")
_LISTS = (*_SELECTORS, "exclude", "extend_exclude")
_PLAIN = (
    "force_exclude",
    "respect_gitignore",
    "keras_version",
    "environment",
    "fix_style",
    "unsafe_fixes",
    "output_format",
)


def finder_of(args: argparse.Namespace, cwd: Path) -> ConfigFinder:
    """Finds the settings that options and configuration files ask for. Raises ConfigError."""
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
    """What the command line says. Raises ConfigError."""
    said: dict[str, Any] = {name: _listed(vars(args).get(name)) for name in _LISTS}
    for name in _SELECTORS:
        for selector in said[name] or ():
            if problem := selector_problem(selector):
                raise ConfigError(f"--{name.replace('_', '-')}: {problem}")
    version = vars(args).get("keras_version")
    if version is not None and (problem := keras_version_problem(version)):
        raise ConfigError(f"--keras-version: {problem}")
    return Options(**said, **{name: vars(args).get(name) for name in _PLAIN})


def _listed(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)


def warn(line: str, args: argparse.Namespace) -> None:
    """Print one line to stderr, unless that is not wanted."""
    if not args.quiet:
        print(f"warning: {line}", file=sys.stderr)
