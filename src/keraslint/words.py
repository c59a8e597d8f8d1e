"""Lists in words, and text of others, as messages write them."""

from __future__ import annotations

from collections.abc import Iterable


def one_line(text: str) -> str:
    r"""``text`` with escapes for all that a reader does not see, or sees elsewhere, and for what starts a command.

    These are control characters but for the tab, ends of lines, marks of the direction of writing, other characters
    without a shape, surrogates, which no encoding can write, and what a log of GitHub or Azure takes for a command
    wherever it stands.

    >>> one_line("a\x1b[31m\n"), one_line("##[error]b")
    ('a\\x1b[31m\\n', '#\\x23[error]b')
    """
    if text.isprintable() and "##" not in text:
        return text
    shown = "".join(char if _is_seen(char) else char.encode("unicode_escape").decode() for char in text)
    return shown.replace("##[", "#\\x23[").replace("##vso[", "#\\x23vso[")


def path_first(path: str) -> str:
    """A path at the beginning of a line: one that GitHub would take for a command there begins with "./"."""
    shown = one_line(path)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def _is_seen(char: str) -> bool:
    from unicodedata import category

    return char.isprintable() or char == "\t" or category(char) == "Zs"


def listed(parts: Iterable[str]) -> str:
    """The parts as a sentence lists them; there must be one at least.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
