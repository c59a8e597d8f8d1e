"""Private names of classes: the tree that is written by hand does what Python does."""

from __future__ import annotations

import ast
import re

import pytest

from keraslint.document import parsed

PROGRAMS = {
    "attributes": """\
class A:
    def __init__(self):
        self.__n = 1
        self.n__ = self.__m__ = 3
    def get(self):
        return self.__n
class _B(A):
    def __init__(self):
        super().__init__()
        self.__n = 2
seen = [vars(_B()), _B().get()]
""",
    "methods, classes and functions within": """\
class __Outer:
    class __Inner:
        def __f(self, __first, *, __second=2):
            return [__first, __second]
        def g(self):
            def __local():
                return self.__f(1, _Inner__second=3)
            return __local()
    made = __Inner
seen = [sorted(n for n in vars(__Outer) if "I" in n), sorted(vars(__Outer.made)), __Outer.made().g()]
""",
    "globals, keywords and texts": """\
_A__total = 1
class A:
    def f(self):
        global __total
        __total += 1
        return dict(__x=1), getattr(self, "__y", "none")
seen = [A().f(), _A__total]
""",
    "imports, handlers and patterns": """\
class A:
    import os.path as __p
    try:
        raise ValueError
    except ValueError as __e:
        __kept = str(__e)
    match {"a": 1, "b": 2}:
        case {"a": __m, **__r}:
            pass
seen = sorted(n for n in vars(A) if n.startswith("_A"))
""",
    "bases, decorators and a class of underscores": """\
__Base = object
def __mark(cls):
    return cls
@__mark
class A(__Base):
    pass
class __:
    __a = 1
seen = [A.__name__, sorted(n for n in vars(__) if "a" in n and not n.endswith("__"))]
""",
}


# What is left: names outside of classes, in a class of underscores, of keywords and in texts.
LEFT = {
    "methods, classes and functions within": {"__Outer"},
    "globals, keywords and texts": {"__x", "__y"},
    "bases, decorators and a class of underscores": {"__Base", "__mark", "__a"},
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_private_names_are_those_of_python(name: str) -> None:
    outcome = parsed(PROGRAMS[name])
    assert isinstance(outcome, tuple)
    plain: dict[str, object] = {}
    exec(PROGRAMS[name], plain)
    text = ast.unparse(outcome[1])
    assert {word for word in re.findall(r"\b__\w+\b", text) if not word.endswith("__")} == LEFT.get(name, set())
    written: dict[str, object] = {}
    exec(text, written)
    assert repr(written["seen"]) == repr(plain["seen"])
