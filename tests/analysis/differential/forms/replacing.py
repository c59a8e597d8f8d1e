"""How a program gives a name another value, and replaces what is not its own."""

from __future__ import annotations

from ..writer import Table

# Give the global variable $X the value $V, in any scope.
STORES = Table(
    "stored by",
    {
        "global": "def $g():\n    global $X\n    $X = $V\n$g()",
        "globals()": 'globals()["$X"] = $V',
        "globals().update": "globals().update($X=$V)",
        "main module": 'sys.modules["__main__"].$X = $V',
        "own module": "sys.modules[__name__].$X = $V",
        "setattr": 'setattr(sys.modules[__name__], "$X", $V)',
        "import of main": "import __main__\n__main__.$X = $V",
        "for": "def $g():\n    global $X\n    for $X in [$V]:\n        pass\n$g()",
        "walrus": "def $g():\n    global $X\n    if ($X := $V):\n        pass\n$g()",
        "with": "def $g():\n    global $X\n    with contextlib.nullcontext($V) as $X:\n        pass\n$g()",
        "unpacked": "def $g():\n    global $X\n    $X, _ = $V, 1\n$g()",
        "star": "def $g():\n    global $X\n    _, *$X = [0, *$V]\n$g()",
        "match": "def $g():\n    global $X\n    match [$V]:\n        case [$X]:\n            pass\n$g()",
        "deleted first": "def $g():\n    global $X\n    $k = $V\n    del $X\n    $X = $k\n$g()",
        "exec": 'exec("$X = it", globals(), {"it": $V})',
        "exec in globals": 'globals()["$k"] = $V\nexec("$X = $k", globals())',
        "two globals": "def $g():\n    global $X\n    def inner():\n        global $X\n        $X = $V\n    inner()\n$g()",
        "default": "def $g(it=$V):\n    global $X\n    $X = it\n$g()",
        "import as": (
            'sys.modules["$m"] = types.SimpleNamespace(it=$V)\ndef $g():\n    global $X\n    from $m import it as $X\n$g()'
        ),
        "function": "def $g():\n    global $X\n    $k = $V\n    def $X():\n        return $k\n    $X = $X()\n$g()",
        "class scope": "class $C:\n    global $X\n    $X = $V",
        "local only": "def $g(it):\n    $X = it\n$g($V)",
        "parameter only": "(lambda $X: $X)($V)",
        "comprehension only": "[$X for $X in [$V]]",
        "comprehension walrus": "def $g():\n    global $X\n    [0 for _ in [1] if ($X := $V)]\n$g()",
        "nonlocal": (
            "def $g():\n    it = 0\n    def inner():\n        nonlocal it\n        it = $V\n    inner()\n    global $X\n    $X = it\n$g()"
        ),
        "locals": 'def $g():\n    locals()["$X"] = $V\n$g()',
        "exception": (
            "def $g():\n    global $X\n    try:\n        raise ValueError($V)\n    except ValueError as $e:\n"
            "        $X = $e.args[0]\n$g()"
        ),
        "conditional": "def $g():\n    global $X\n    if outside.flag():\n        $X = $V\n$g()",
        "annotated": '$k: object = $V\nglobals()["$X"] = $k',
        "augmented": "def $g():\n    global $X\n    $X = $X\n    $X = $V\n$g()",
        "generator": "def $g():\n    global $X\n    $X = $V\n    yield\nlist($g())",
        "generator not started": "def $g():\n    global $X\n    $X = $V\n    yield\n$g()",
        "coroutine": "async def $a():\n    global $X\n    $X = $V\nasyncio.run($a())",
    },
    plain=0.3,
)

# Give the attribute or item $X the value $V, where $O is its owner.
SETTERS = Table(
    "set by",
    {
        "assignment": "$X = $V",
        "setattr": 'setattr($O, "it", $V)',
        "__setattr__": '$O.__setattr__("it", $V)',
        "object.__setattr__": 'object.__setattr__($O, "it", $V)',
        "__dict__": '$O.__dict__["it"] = $V',
        "vars": 'vars($O)["it"] = $V',
        "update": "vars($O).update(it=$V)",
        "for": "for $X in [$V]:\n    pass",
        "with": "with contextlib.nullcontext($V) as $X:\n    pass",
        "unpacked": "$X, _ = $V, 1",
        "deleted first": "$k = $V\ndel $X\n$X = $k",
        "alias": "$o = $O\n$o.it = $V",
        "function": "def $g(o, v):\n    o.it = v\n$g($O, $V)",
        "method": 'type($O).$m = lambda self, v: setattr(self, "it", v)\n$O.$m($V)',
        "replaced object": "copy.copy($O).it = $V",
        "class": "type($O).it = $V",
        "delattr": 'setattr($O, "it", $V)\ndelattr($O, "no_such") if hasattr($O, "no_such") else None',
        "mock.patch": 'with unittest.mock.patch.object($O, "it", $V):\n    pass',
    },
    plain=0.3,
)

# At the top of a program: builtins and names of Keras that it replaces.
REPLACED = Table(
    "replaced",
    {
        "nothing": "",
        "sorted": "sorted = lambda it, **more: list(it)",
        "reversed": "def reversed(it):\n    return list(it)",
        "list": "class list(list):\n    def __init__(self, it=()):\n        super().__init__([*it][::-1])",
        "dict": "dict = collections.OrderedDict",
        "zip": "def zip(one, *others):\n    return ((a, a) for a in one)",
        "enumerate": "def enumerate(it):\n    return [(7, n) for n in it]",
        "len": "len = lambda it: 1",
        "map": "map = lambda function, it: []",
        "range": "range = lambda *args: [0]",
        "globals": 'globals()["sorted"] = lambda it, **more: [*it]',
        "exec": 'exec("sorted = list")',
        "builtins": "import builtins\nbuiltins.sorted = lambda it, **more: [*it]",
        "builtins by setattr": 'import builtins\nsetattr(builtins, "reversed", lambda it: [*it])',
        "__builtins__": 'sys.modules["builtins"].sorted = lambda it, **more: [*it]',
        "Dense": (
            "dense0 = keras.layers.Dense\n"
            'keras.layers.Dense = lambda units, name=None: dense0(units, name=name and name + "_p")'
        ),
        "Dense by setattr": (
            "dense0 = keras.layers.Dense\n"
            'setattr(keras.layers, "Dense", lambda units, name=None: dense0(units, name=name and name + "_p"))'
        ),
        "Dense by a subclass": (
            "class Dense0(keras.layers.Dense):\n    def __init__(self, units, name=None):\n"
            '        super().__init__(units, name=name and name + "_p")\nkeras.layers.Dense = Dense0'
        ),
        "Dense by sys.modules": (
            "dense0 = keras.layers.Dense\n"
            'sys.modules["keras.layers"].Dense = lambda units, name=None: dense0(units, name="p")'
        ),
        "Dense by mock": (
            "dense0 = keras.layers.Dense\n"
            'unittest.mock.patch("keras.layers.Dense", lambda units, name=None: dense0(units, name="p")).start()'
        ),
        "Dense in a function": (
            "dense0 = keras.layers.Dense\ndef patch0():\n"
            '    keras.layers.Dense = lambda units, name=None: dense0(units, name="p")\npatch0()'
        ),
        "Model": ("model0 = keras.Model\nkeras.Model = lambda inputs, outputs: model0(inputs, [*outputs][::-1])"),
        "layers": (
            "dense0 = keras.layers.Dense\n"
            'keras.layers = types.SimpleNamespace(Dense=lambda units, name=None: dense0(units, name="p"))'
        ),
        "keras": (
            "keras0 = keras\nkeras = types.SimpleNamespace(Input=keras0.Input, layers=keras0.layers,"
            " Model=lambda inputs, outputs: keras0.Model(inputs, [*outputs][::-1]))"
        ),
        "__init__ of Dense": (
            "init0 = keras.layers.Dense.__init__\ndef init1(self, units, name=None):\n"
            '    init0(self, units, name=name and name + "_p")\nkeras.layers.Dense.__init__ = init1'
        ),
        "__call__ of Dense": (
            'call0 = keras.layers.Dense.__call__\ndef call1(self, inputs):\n    self.name = "p"\n'
            "    return call0(self, inputs)\nkeras.layers.Dense.__call__ = call1"
        ),
        "given to outside": "outside.use(keras)",
    },
    plain=0.94,
)
