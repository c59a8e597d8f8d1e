"""The answers that are assumed for conditions on one path through a program."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from keraslint.analysis.core.values import Value


@dataclass(frozen=True, slots=True)
class Fact:
    """The answer that is assumed for a condition on one path through the program.

    subject: what it is about. equals: the constant that it may equal, in a tuple; empty where it is tested by itself.
    words: the variables and attributes that end it when they are set. roots: the values of its variables.
    reaches_in: it is about an attribute or item of them.
    """

    subject: Hashable
    equals: tuple[Hashable, ...]
    answer: bool
    words: frozenset[str]
    roots: frozenset[Value]
    reaches_in: bool
