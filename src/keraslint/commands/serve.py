"""``keraslint server``: the language server, on stdin and stdout."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from keraslint.commands.parsers import finder_of, server_parser
from keraslint.config.find import ConfigFinder
from keraslint.config.options import Options
from keraslint.config.settings import ConfigError


def run(arguments: Sequence[str]) -> int:
    """Serve until the client says exit; 1 where it did so without shutdown, 2 where the extra is not installed.

    Raises ConfigError.
    """
    args = server_parser().parse_args(arguments)
    if find_spec("pygls") is None:
        from keraslint.extras import command_for

        print(f"error: the language server needs pygls and lsprotocol; run `{command_for('lsp')}`", file=sys.stderr)
        return 2
    _log(args)
    cwd = Path.cwd()
    given = finder_of(args, cwd)
    if given.explicit is not None:
        given.settings(cwd)  # a wrong --config ends here, before anything is served
    from keraslint.server.features import make_server

    def finder(root: Path, options: Options) -> ConfigFinder:
        explicit = None if given.explicit is None else cwd / given.explicit
        return replace(given, cwd=root, command=options, explicit=explicit)

    server = make_server(finder)
    _tune_gc_and_switching()
    server.start_io()
    return int(server.left_early)


def _tune_gc_and_switching() -> None:
    """Collect garbage less often, and never what is loaded by now: a syntax tree has no cycles.

    The event loop also gets its turn sooner while a check is running: by default a thread may keep it for 5 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    sys.setswitchinterval(0.001)


def _log(args: argparse.Namespace) -> None:
    """Log to a file or to stderr: stdout belongs to the protocol. Raises ConfigError."""
    try:
        handler = logging.FileHandler(args.log_file, encoding="utf-8") if args.log_file else logging.StreamHandler()
    except OSError as error:
        raise ConfigError(f"--log-file: {args.log_file}: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = logging.DEBUG if args.verbose else logging.ERROR if args.quiet else logging.WARNING
    logging.basicConfig(level=level, handlers=[handler])
