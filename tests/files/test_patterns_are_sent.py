"""Patterns of paths are sent to other processes with the settings."""

from __future__ import annotations

import pickle

from keraslint.files.globs import PathPattern, PathPatterns


def test_patterns_match_alike_in_another_process() -> None:
    patterns = PathPatterns([PathPattern("*.tmp", "/a"), PathPattern("build/**/x", "/a"), PathPattern("out", "/a")])
    again = pickle.loads(pickle.dumps(patterns))
    for path in ("/a/b.tmp", "/a/build/c/x", "/a/out", "/a/b.py"):
        assert again.match(path) == patterns.match(path) == (path != "/a/b.py")
