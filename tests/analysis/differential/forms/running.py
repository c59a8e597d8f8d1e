"""How an effect becomes something that can be called; all the ways by which Python runs that."""

from __future__ import annotations

from ..writer import Table
from .elsewhere import ELSEWHERE
from .expressions import EXPRESSIONS
from .hooks import HOOKS
from .laziness import LAZINESS

# Define $f, which can be called with any arguments, runs $effect and returns $result.
CALLABLES = Table(
    "function",
    {
        "def": "def $f(*args, **more):\n    $effect\n    return $result",
        "lambda": "def $g():\n    $effect\n$f = lambda *args, **more: ($g(), $result)[1]",
        "nested": (
            "def $m():\n    def inner(*args, **more):\n        $effect\n        return $result\n    return inner\n$f = $m()"
        ),
        "method": "class $C:\n    def run(self, *args, **more):\n        $effect\n        return $result\n$f = $C().run",
        "static method": (
            "class $C:\n    @staticmethod\n    def run(*args, **more):\n        $effect\n        return $result\n$f = $C.run"
        ),
        "class method": (
            "class $C:\n    @classmethod\n    def run(cls, *args, **more):\n        $effect\n        return $result\n"
            "$f = $C().run"
        ),
        "__call__": (
            "class $C:\n    def __call__(self, *args, **more):\n        $effect\n        return $result\n$f = $C()"
        ),
        "inherited method": (
            "class $B:\n    def run(self, *args, **more):\n        $effect\n        return $result\n"
            "class $C($B):\n    pass\n$f = $C().run"
        ),
        "super": (
            "class $B:\n    def run(self, *args, **more):\n        $effect\n        return $result\n"
            "class $C($B):\n    def run(self, *args, **more):\n        return super().run(*args)\n$f = $C().run"
        ),
        "partial": "def $g(*args, **more):\n    $effect\n    return $result\n$f = functools.partial($g, 1)",
        "decorated": (
            "def $d(function):\n    @functools.wraps(function)\n    def around(*args, **more):\n"
            "        return function(*args, **more)\n    return around\n"
            "@$d\ndef $f(*args, **more):\n    $effect\n    return $result"
        ),
        "decorated twice": (
            "def $d(function):\n    def around(*args, **more):\n        function()\n"
            "        return function(*args, **more)\n    return around\n"
            "@$d\ndef $f(*args, **more):\n    $effect\n    return $result"
        ),
        "decorator with arguments": (
            "def $d(times):\n    def decorate(function):\n        def around(*args, **more):\n"
            "            for _ in range(times):\n                value = function()\n            return value\n"
            "        return around\n    return decorate\n"
            "@$d(2)\ndef $f(*args, **more):\n    $effect\n    return $result"
        ),
        "lru_cache": "@functools.lru_cache\ndef $f(*args, **more):\n    $effect\n    return $result",
        "from a dict": 'def $g(*args, **more):\n    $effect\n    return $result\n$t = {"k": $g}\n$f = $t["k"]',
        "once": (
            "$n = []\ndef $f(*args, **more):\n    if not $n:\n        $n.append(1)\n        $effect\n    return $result"
        ),
        "nonlocal": (
            "def $m():\n    n = 0\n    def inner(*args, **more):\n        nonlocal n\n        n += 1\n"
            "        if n == 1:\n            $effect\n        return $result\n    return inner\n$f = $m()"
        ),
        "global count": (
            "$n = 0\ndef $f(*args, **more):\n    global $n\n    $n += 1\n    if $n < 2:\n        $effect\n"
            "    return $result"
        ),
        "raises after": (
            "def $g():\n    $effect\n    raise KeyError\ndef $f(*args, **more):\n    try:\n        $g()\n"
            "    except KeyError:\n        return $result"
        ),
        "return in finally": (
            "def $f(*args, **more):\n    try:\n        return $result\n    finally:\n        $effect"
        ),
        "recursion": (
            "def $g(n):\n    if n == 0:\n        $effect\n        return\n    $g(n - 1)\n"
            "def $f(*args, **more):\n    $g(3)\n    return $result"
        ),
        "deep recursion": (
            "def $g(n):\n    if n == 0:\n        $effect\n        return\n    $g(n - 1)\n"
            "def $f(*args, **more):\n    $g(20)\n    return $result"
        ),
        "mutual recursion": (
            "def $g(n):\n    if n:\n        $h(n - 1)\n    else:\n        $effect\n"
            "def $h(n):\n    if n:\n        $g(n - 1)\n"
            "def $f(*args, **more):\n    $g(4)\n    return $result"
        ),
        "default argument": ("def $g():\n    $effect\ndef $f(*args, run=$g, **more):\n    run()\n    return $result"),
        "reduce": (
            "def $g(one, two):\n    $effect\n    return two\n"
            "def $f(*args, **more):\n    functools.reduce($g, [1, 2])\n    return $result"
        ),
        "singledispatch": (
            "@functools.singledispatch\ndef $g(*args, **more):\n    $effect\n    return $result\n"
            "$f = functools.partial($g, 0)"
        ),
        "decorated outside": "@outside.decorate\ndef $f(*args, **more):\n    $effect\n    return $result",
        "attribute of an instance": (
            "class $C:\n    def __init__(self, run):\n        self.run = run\n"
            "def $g(*args, **more):\n    $effect\n    return $result\n$f = $C($g).run"
        ),
        "composed": (
            "def $g(*args, **more):\n    $effect\n    return $result\n"
            "def $c(*functions):\n    def all_of(*args, **more):\n        for function in functions:\n"
            "            value = function(*args, **more)\n        return value\n    return all_of\n$f = $c(len, $g) if 0 else $c($g)"
        ),
    },
    plain=0.4,
)

RESULTS = Table("result", {"0": "0", "True": "True", "1": "1", "False": "False", "None": "None"}, plain=1.0)

# Statements that run the function $f, or perhaps run it, or do not.
TRIGGERS = Table("run by", {**LAZINESS, **EXPRESSIONS, **ELSEWHERE, **HOOKS}, plain=0.12)
