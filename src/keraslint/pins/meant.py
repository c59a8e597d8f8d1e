"""The version specifiers that are meant by a text which nearly is one: a slip of a person who writes a pin."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_LONGEST = 100
_SLIPS = (
    (re.compile(r"^\s*keras(?=[\s=<>!~]|$)", re.IGNORECASE), ""),  # the name stands before it
    (re.compile(r"(?<=\d)\.[xX](?=[\s,]|$)"), ".*"),
    (re.compile(r"\.?\s*$"), ""),
    (re.compile(r"=([<>])(?!=)"), r"\1="),
    (re.compile(r"(?<![=<>!~])=(?!=)"), "=="),
    (re.compile(r"(?<=[\d*])\s+(?=[=<>!~])"), ","),
    (re.compile(r"^\s*(?=\d)"), "=="),
)


def meant_specifiers(text: str) -> str | None:
    """The specifiers that a text means which is none itself, such as "==3.5.*" for "=3.5.x"; None where nobody knows.

    The name of Keras may stand before them.
    """
    if len(text) > _LONGEST:
        return None
    for slip, right in _SLIPS:
        text = slip.sub(right, text)
    try:
        return text.strip() if SpecifierSet(text) else None
    except InvalidSpecifier:
        return None
