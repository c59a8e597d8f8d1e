"""Statements that run the function $f, or perhaps run it: parts of expressions, jumps, and code as text."""

from __future__ import annotations

EXPRESSIONS = {
    "and": "$v = 0 and $f()",
    "and, run": "$v = 1 and $f()",
    "or": "$v = 1 or $f()",
    "or, run": "$v = 0 or $f()",
    "and of what is not known": "$v = outside.flag() and $f()",
    "or of what is not known": "$v = outside.flag() or $f()",
    "and within a condition": "if outside.flag() and $f():\n    pass",
    "chained comparison": "$v = 2 < 1 < bool($f())",
    "chained comparison, run": "$v = 0 < 1 < bool($f())",
    "chained comparison of what is not known": "$v = 0 < outside.number() < bool($f())",
    "conditional expression": "$v = $f() if 0 else 1",
    "conditional expression, run": "$v = $f() if 1 else 0",
    "conditional expression of what is not known": "$v = $f() if outside.flag() else 0",
    "if of what is not known": "if outside.flag():\n    $f()",
    "while of what is not known": "$n = 0\nwhile outside.flag() and $n < 2:\n    $f()\n    $n += 1",
    "assert": "assert $f() or True",
    "assert message": "assert 1, $f()",
    "return value": "def $g():\n    return $f()\n$g()",
    "argument": "print($f())",
    "keyword argument": "dict(k=$f())",
    "default argument": "def $g(n=$f()):\n    pass",
    "default argument of a lambda": "$v = lambda n=$f(): n",
    "annotation": "def $g(n: $f()):\n    pass",
    "annotation of a variable": "$v: $f() = 1",
    "annotation in a function": "def $g():\n    v: $f() = 1\n$g()",
    "decorator": "@$f\ndef $g():\n    pass",
    "decorator of a class": "@$f\nclass $C:\n    pass",
    "class body": "class $C:\n    $f()",
    "class keyword": (
        "class $B:\n    def __init_subclass__(cls, **more):\n        pass\nclass $C($B, n=$f()):\n    pass"
    ),
    "subscript": "[0, 1, 2][bool($f())]",
    "subscript of a target": "$v = [0, 1]\n$v[bool($f())] = 1",
    "slice": "[0, 1][bool($f()):]",
    "formatted": '$v = f"{$f()}"',
    "formatted width": '$v = f"{1:{3 if $f() else 4}}"',
    "star": "$v = [*[$f()]]",
    "double star": '$v = {**{"k": $f()}}',
    "yield": "def $g():\n    yield $f()\nlist($g())",
    "exec": 'exec("it()", {"it": $f})',
    "eval": 'eval("it()", {"it": $f})',
    "eval in scope": 'eval("$f()")',
    "exec in scope": 'exec("$f()")',
    "globals": 'globals().get("$f", $f)()',
    "getattr": 'getattr(types.SimpleNamespace(it=$f), "it")()',
    "getattr with default": 'getattr(types.SimpleNamespace(), "it", $f)()',
    "methodcaller": 'operator.methodcaller("__call__")($f)',
    "operator.call": "(lambda it, *args: it(*args))($f, 1)",
    "starmap": "list(itertools.starmap($f, [(1, 2)]))",
    "starmap not drained": "$v = itertools.starmap($f, [(1, 2)])",
    "accumulate": "list(itertools.accumulate([1, 2], $f))",
    "takewhile": "list(itertools.takewhile($f, [1]))",
    "dropwhile": "list(itertools.dropwhile($f, [1]))",
    "groupby": "list(itertools.groupby([1], $f))",
    "filterfalse": "list(itertools.filterfalse($f, [1]))",
    "chain from": "list(itertools.chain.from_iterable([$f() or 1] for _ in [1]))",
    "dispatch": '{"k": $f}["k"]()',
    "dispatch list": "[$f, $f][0]()",
    "dispatch get": '{"k": $f}.get("k", len)()',
    "for else": "for _ in []:\n    pass\nelse:\n    $f()",
    "for else, broken": "for _ in [1]:\n    break\nelse:\n    $f()",
    "while else": "while 0:\n    pass\nelse:\n    $f()",
    "try else": "try:\n    pass\nexcept ValueError:\n    pass\nelse:\n    $f()",
    "except": "try:\n    [][1]\nexcept IndexError:\n    $f()",
    "except of another": (
        "try:\n    try:\n        [][1]\n    except KeyError:\n        $f()\nexcept IndexError:\n    pass"
    ),
    "except expression": "try:\n    [][1]\nexcept ($f(), IndexError)[1]:\n    pass",
    "finally after return": "def $g():\n    try:\n        return 1\n    finally:\n        $f()\n$g()",
    "after return": "def $g():\n    return 1\n    $f()\n$g()",
    "after raise": "try:\n    raise ValueError\n    $f()\nexcept ValueError:\n    pass",
    "after a call that raises": (
        "def $g():\n    raise ValueError\ntry:\n    $g()\n    $f()\nexcept ValueError:\n    pass"
    ),
    "before a call that raises": (
        "def $g():\n    raise ValueError\ntry:\n    $f()\n    $g()\n    $f()\nexcept ValueError:\n    pass"
    ),
    "contextmanager": ("@contextlib.contextmanager\ndef $c():\n    $f()\n    yield\nwith $c():\n    pass"),
    "contextmanager after": (
        "@contextlib.contextmanager\ndef $c():\n    try:\n        yield\n    finally:\n        $f()\nwith $c():\n    pass"
    ),
    "contextmanager not entered": "@contextlib.contextmanager\ndef $c():\n    $f()\n    yield\n$v = $c()",
    "contextmanager as a decorator": (
        "@contextlib.contextmanager\ndef $c():\n    $f()\n    yield\n@$c()\ndef $g():\n    pass\n$g()"
    ),
    "__exit__ after a raise": (
        "class $C:\n    def __enter__(self):\n        return self\n    def __exit__(self, *error):\n        $f()\n"
        "        return True\nwith $C():\n    raise ValueError"
    ),
    "__exit__": (
        "class $C:\n    def __enter__(self):\n        return self\n    def __exit__(self, *error):\n        $f()\n"
        "with $C():\n    pass"
    ),
    "__enter__": (
        "class $C:\n    def __enter__(self):\n        $f()\n    def __exit__(self, *error):\n        pass\n"
        "with $C():\n    pass"
    ),
    "suppress": "with contextlib.suppress(ValueError):\n    $f()\n    raise ValueError\n    $f()",
}
