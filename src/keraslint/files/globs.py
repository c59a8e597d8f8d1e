"""Glob patterns as Ruff's options take them (globset): ``*`` also crosses slashes, ``{a,b}`` alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class PathPattern:
    """One pattern and the folder that it is relative to (absolute, with forward slashes)."""

    text: str
    root: str

    def matches(self, path: str) -> bool:
        """Return True if it names ``path`` (absolute, forward slashes): by its last part, or from ``root`` on."""
        text = self.text.rstrip("/")
        if "/" not in text and translate(text).fullmatch(path.rpartition("/")[2]):
            return True
        absolute = text if text.startswith("/") or text[1:2] == ":" else _join(self.root, text)
        return translate(absolute).fullmatch(path) is not None

    def covers(self, path: str) -> bool:
        """Return True if it names ``path`` or a folder that holds it."""
        while path:
            if self.matches(path):
                return True
            path = path.rpartition("/")[0]
        return False


def any_matches(patterns: Iterable[PathPattern], path: str) -> bool:
    """Return True if one of ``patterns`` names ``path``."""
    return any(pattern.matches(path) for pattern in patterns)


@lru_cache(maxsize=1024)
def translate(pattern: str) -> re.Pattern[str]:
    """A regular expression for a glob. Never raises: an unclosed bracket or brace stands for itself."""
    out, index, depth = [], 0, 0
    while index < len(pattern):
        char = pattern[index]
        if pattern.startswith("**/", index):
            out.append("(?:.*/)?")
            index += 3
            continue
        end = pattern.find("]", index + 2)
        if char == "[" and end > 0:
            body = pattern[index + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            out.append(f"[^{body[1:]}]" if body[0] in "!^" else f"[{body}]")
            index = end
        elif char == "{" and "}" in pattern[index:]:
            depth += 1
            out.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            out.append(")")
        else:
            out.append("|" if char == "," and depth else {"*": ".*", "?": "."}.get(char) or re.escape(char))
        index += 1
    try:
        return re.compile("(?s:" + "".join(out) + ")" + ")" * depth)
    except re.error:
        return re.compile(re.escape(pattern))


def _join(root: str, pattern: str) -> str:
    """``pattern`` below ``root``, whose own characters are escaped."""
    while pattern.startswith("./"):
        pattern = pattern[2:]
    return re.sub(r"([*?[{}])", r"[\1]", root.rstrip("/")) + "/" + pattern
