"""How the body of an effect becomes something that can be called, and by which ways Python runs that."""

from __future__ import annotations

from ..writer import Table

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
        "singledispatch": ("@functools.singledispatch\ndef $f(*args, **more):\n    $effect\n    return $result"),
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
TRIGGERS = Table(
    "run by",
    {
        "call": "$f()",
        "call twice": "$f()\n$f()",
        "not called": "$v = $f",
        "expression": "$v = [$f(), 1]",
        "map not drained": "$v = map($f, [1, 2])",
        "map drained by list": "$v = list(map($f, [1]))",
        "map drained by next": "$v = next(map($f, [1, 2, 3]))",
        "map drained by a loop": "for $v in map($f, [1, 2, 3]):\n    break",
        "map drained later": "$v = map($f, [1])\n$w = 1\nlist($v)",
        "map drained twice": "$v = map($f, [1])\nlist($v)\nlist($v)",
        "map over many": "$v = list(map($f, range(201)))",
        "map of nothing": "$v = list(map($f, []))",
        "map of two": "$v = list(map($f, [1, 2, 3], [1]))",
        "map in a star": "$v = [*map($f, [1])]",
        "map unpacked": "$v, $w, $x = map($f, [1, 2, 3])",
        "filter not drained": "$v = filter($f, [1, 2])",
        "filter drained": "$v = list(filter($f, [1]))",
        "filter drained by next": "$v = next(filter($f, [1, 2, 3]), None)",
        "generator expression not drained": "$v = ($f() for _ in [1])",
        "generator expression drained by next": "$v = next($f() for _ in [1, 2])",
        "generator expression drained by any": "$v = any($f() for _ in [1, 2, 3])",
        "generator expression drained by all": "$v = all($f() for _ in [1, 2, 3])",
        "generator expression drained by sum": "$v = sum(bool($f()) for _ in [1])",
        "generator expression drained by in": "$v = 1 in ($f() for _ in [1, 2, 3])",
        "generator expression drained by tuple": "$v = tuple($f() for _ in [1])",
        "generator expression drained by max": "$v = max((bool($f()) for _ in [1]))",
        "generator expression drained by zip": "$v = list(zip([1], ($f() for _ in [1, 2, 3])))",
        "generator expression drained by zip first": "$v = list(zip(($f() for _ in [1, 2, 3]), [1]))",
        "generator expression drained by islice": "$v = list(itertools.islice(($f() for _ in [1, 2, 3]), 1))",
        "generator expression drained by a set": "$v = {*($f() for _ in [1])}",
        "generator expression drained by join": '$v = "".join(str($f()) for _ in [1])',
        "generator expression drained by dict": "$v = dict((1, $f()) for _ in [1])",
        "generator expression with a condition": "$v = [1 for _ in [1, 2] if $f()]",
        "first iterable is eager": "$v = (1 for _ in [$f()])",
        "second iterable is lazy": "$v = (1 for _ in [1] for _ in [$f()])",
        "list comprehension": "$v = [$f() for _ in [1]]",
        "dict comprehension": "$v = {_: $f() for _ in [1]}",
        "set comprehension": "$v = {$f() for _ in [1]}",
        "nested comprehension": "$v = [[$f() for _ in [1]] for _ in [1]]",
        "walrus in a comprehension": "$v = [$w for _ in [1] if ($w := $f()) is None or 1]",
        "own generator not started": "def $g():\n    $f()\n    yield 1\n$v = $g()",
        "own generator, next": "def $g():\n    $f()\n    yield 1\n    $f()\n$v = next($g())",
        "own generator, next twice": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = $g()\nnext($v)\nnext($v)",
        "own generator, left early": "def $g():\n    yield 1\n    $f()\n    yield 2\nfor $v in $g():\n    break",
        "own generator, finally": (
            "def $g():\n    try:\n        yield 1\n    finally:\n        $f()\n$v = $g()\nnext($v)\n$v.close()"
        ),
        "own generator, dropped": (
            "def $g():\n    try:\n        yield 1\n    finally:\n        $f()\n$v = $g()\nnext($v)\ndel $v"
        ),
        "own generator, throw": (
            "def $g():\n    try:\n        yield 1\n    except ValueError:\n        $f()\n        yield 2\n"
            "$v = $g()\nnext($v)\n$v.throw(ValueError())"
        ),
        "own generator, max": "def $g():\n    yield 1\n    $f()\n$v = max($g())",
        "own generator, sum": "def $g():\n    yield 1\n    $f()\n$v = sum($g())",
        "own generator, in": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = 2 in $g()",
        "own generator, in at once": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = 1 in $g()",
        "own generator, any at once": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = any($g())",
        "own generator, all": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = all($g())",
        "own generator, zip": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = list(zip([1], $g()))",
        "own generator, zip first": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = list(zip($g(), [1]))",
        "own generator, unpacked": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v, $w = $g()",
        "own generator, yield from": "def $g():\n    yield 1\n    $f()\ndef $h():\n    yield from $g()\n$v = list($h())",
        "own generator, send": "def $g():\n    if (yield 1):\n        $f()\n    yield 2\n$v = $g()\nnext($v)\n$v.send(1)",
        "own generator, star": "def $g():\n    yield 1\n    $f()\n$v = [*$g()]",
        "own generator, as arguments": "def $g():\n    yield 1\n    $f()\n(lambda *it: it)(*$g())",
        "own generator, sorted": "def $g():\n    yield 1\n    $f()\n$v = sorted($g())",
        "own generator, enumerate": "def $g():\n    $f()\n    yield 1\nfor $v, $w in enumerate($g()):\n    pass",
        "own generator, islice": "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = list(itertools.islice($g(), 1))",
        "own generator, takewhile": (
            "def $g():\n    yield 1\n    $f()\n    yield 2\n$v = list(itertools.takewhile(lambda n: n < 1, $g()))"
        ),
        "sort key": "sorted([2, 1], key=lambda n: bool($f()))",
        "list sort key": "[2, 1].sort(key=lambda n: bool($f()))",
        "sort key of one": "sorted([1], key=lambda n: bool($f()))",
        "sort key of many": "sorted(range(201), key=lambda n: bool($f()))",
        "max key": "max([1], key=lambda n: bool($f()))",
        "min key": "$v = min([1, 2, 3], key=lambda n: bool($f()))",
        "max key of what is not known": "max(outside.items(), key=lambda n: bool($f()), default=0)",
        "map over what is not known": "$v = list(map($f, outside.items()))",
        "loop over what is not known": "for _ in outside.items():\n    $f()",
        "reduce": "functools.reduce(lambda one, two: bool($f()), [1, 2])",
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
        "await": "async def $a():\n    return $f()\nasync def $b():\n    await $a()\nasyncio.run($b())",
        "coroutine not awaited": "async def $a():\n    $f()\n$v = $a()\n$v.close()",
        "task": "async def $a():\n    $f()\nasync def $b():\n    await asyncio.create_task($a())\nasyncio.run($b())",
        "task not awaited": (
            "async def $a():\n    $f()\nasync def $b():\n    t = asyncio.create_task($a())\n    await asyncio.sleep(0)\n"
            "asyncio.run($b())"
        ),
        "task after": (
            "async def $a():\n    $f()\nasync def $b():\n    t = asyncio.create_task($a())\nasyncio.run($b())"
        ),
        "gather": "async def $a():\n    $f()\nasync def $b():\n    await asyncio.gather($a(), $a())\nasyncio.run($b())",
        "async for": (
            "async def $a():\n    $f()\n    yield 1\nasync def $b():\n    async for _ in $a():\n        pass\n"
            "asyncio.run($b())"
        ),
        "async with": (
            "class $C:\n    async def __aenter__(self):\n        $f()\n    async def __aexit__(self, *error):\n        pass\n"
            "async def $b():\n    async with $C():\n        pass\nasyncio.run($b())"
        ),
        "event loop": "async def $a():\n    $f()\n$v = asyncio.new_event_loop()\n$v.run_until_complete($a())\n$v.close()",
        "call_soon": (
            "async def $a():\n    asyncio.get_running_loop().call_soon($f)\n    await asyncio.sleep(0)\nasyncio.run($a())"
        ),
        "thread": "$v = threading.Thread(target=$f)\n$v.start()\n$v.join()",
        "thread not started": "$v = threading.Thread(target=$f)",
        "thread class": (
            "class $C(threading.Thread):\n    def run(self):\n        $f()\n$v = $C()\n$v.start()\n$v.join()"
        ),
        "executor": "with concurrent.futures.ThreadPoolExecutor(1) as $v:\n    $v.submit($f)",
        "executor map": "with concurrent.futures.ThreadPoolExecutor(1) as $v:\n    list($v.map($f, [1]))",
        "exit stack": "with contextlib.ExitStack() as $v:\n    $v.callback($f)",
        "context variables": "contextvars.copy_context().run($f)",
        "timeit": "timeit.timeit($f, number=1)",
        "finalize": "class $C:\n    pass\n$v = $C()\nweakref.finalize($v, $f)\ndel $v",
        "weakref callback": "class $C:\n    pass\n$v = $C()\n$w = weakref.ref($v, $f)\ndel $v",
        "default factory": "$v = collections.defaultdict($f)\n$v[1]",
        "default factory, present": "$v = collections.defaultdict($f, {1: 2})\n$v[1]\n$v.get(2)",
        "iter with a sentinel": "$v = list(iter(lambda: bool($f()) or True, True))",
        "re.sub": 're.sub("x", lambda found: str($f()), "axb")',
        "re.sub without a match": 're.sub("x", lambda found: str($f()), "ab")',
        "lru_cache twice": "$v = functools.lru_cache($f)\n$v(1)\n$v(1)",
        "cached property": (
            "class $C:\n    @functools.cached_property\n    def p(self):\n        return $f()\n$v = $C()\n$v.p\n$v.p"
        ),
        "property": "class $C:\n    @property\n    def p(self):\n        return $f()\n$C().p",
        "property setter": (
            "class $C:\n    @property\n    def p(self):\n        return 0\n    @p.setter\n    def p(self, value):\n"
            "        $f()\n$v = $C()\n$v.p = 1"
        ),
        "property deleter": (
            "class $C:\n    @property\n    def p(self):\n        return 0\n    @p.deleter\n    def p(self):\n"
            "        $f()\n$v = $C()\ndel $v.p"
        ),
        "hasattr of a property": 'class $C:\n    @property\n    def p(self):\n        return $f()\nhasattr($C(), "p")',
        "getattr of a property": 'class $C:\n    @property\n    def p(self):\n        return $f()\ngetattr($C(), "p", 0)',
        "descriptor": "class $D:\n    def __get__(self, one, owner):\n        $f()\nclass $C:\n    p = $D()\n$C().p",
        "descriptor of a class": (
            "class $D:\n    def __get__(self, one, owner):\n        $f()\nclass $C:\n    p = $D()\n$C.p"
        ),
        "descriptor set": (
            "class $D:\n    def __set__(self, one, value):\n        $f()\nclass $C:\n    p = $D()\n$v = $C()\n$v.p = 1"
        ),
        "setattr": 'class $C:\n    def __setattr__(self, name, value):\n        $f()\nsetattr($C(), "p", 1)',
        "attribute with __setattr__": (
            "class $C:\n    def __setattr__(self, name, value):\n        $f()\n$v = $C()\n$v.p = 1"
        ),
        "delattr": 'class $C:\n    def __delattr__(self, name):\n        $f()\ndelattr($C(), "p")',
        "__getattr__": "class $C:\n    def __getattr__(self, name):\n        $f()\n        return 1\n$C().p",
        "__getattr__, found": (
            "class $C:\n    p = 1\n    def __getattr__(self, name):\n        $f()\n        return 1\n$C().p"
        ),
        "__getattribute__": (
            "class $C:\n    p = 1\n    def __getattribute__(self, name):\n        $f()\n        return 1\n$C().p"
        ),
        "hasattr": 'class $C:\n    def __getattr__(self, name):\n        $f()\n        return 1\nhasattr($C(), "p")',
        "match class": (
            "class $C:\n    @property\n    def p(self):\n        $f()\n        return 1\n"
            "match $C():\n    case $C(p=2):\n        pass"
        ),
        "match guard": "match 1:\n    case 1 if $f():\n        pass\n    case _:\n        pass",
        "match guard, not reached": "match 1:\n    case 2 if $f():\n        pass\n    case _:\n        pass",
        "match subject": "match $f():\n    case _:\n        pass",
        "import": "$import",
        "import twice": "$import\n$import",
        "given to outside": "outside.use($f)",
        "given to outside by keyword": "outside.use(callback=$f)",
        "given to outside in a lambda": "outside.use(lambda: $f())",
        "given to outside in a partial": "outside.use(functools.partial($f, 1))",
        "given to outside with an object": ("class $C:\n    def run(self):\n        $f()\noutside.use($C())"),
        "given to outside in a method": "class $C:\n    def go(self):\n        $f()\noutside.use($C().go)",
        "given to outside in a class": "class $C:\n    def __init__(self):\n        $f()\noutside.use($C)",
        "given to outside in a list": "$v = [$f]\noutside.use(*$v)",
        "given to outside, flushed": "outside.use($f)\noutside.flush()",
        "context outside": "with outside.Context($f):\n    pass",
        "template method": ("class $C(outside.Base):\n    def configure(self):\n        $f()\n$C()"),
        "template method, later": (
            "class $C(outside.Base):\n    def configure(self):\n        $f()\n$v = $C()\n$v.run()"
        ),
        "template method, super": (
            "class $C(outside.Base):\n    def __init__(self):\n        self.n = 1\n        super().__init__(self.n)\n"
            "    def configure(self):\n        $f()\n$C()"
        ),
        "atexit": "atexit.register($f)\natexit.unregister($f)",
        "signal": "signal.signal(signal.SIGUSR1, lambda *args: $f())\nsignal.raise_signal(signal.SIGUSR1)",
        "settrace": "sys.setprofile(None)\n$f()",
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
        "dispatch by what is not known": '{True: $f, False: len}[outside.flag()]("")',
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
        "__del__": "class $C:\n    def __del__(self):\n        $f()\n$v = $C()\ndel $v",
        "__del__ of a temporary": "class $C:\n    def __del__(self):\n        $f()\n$C()",
        "__del__ by rebinding": "class $C:\n    def __del__(self):\n        $f()\n$v = $C()\n$v = None",
        "__del__ at return": "class $C:\n    def __del__(self):\n        $f()\ndef $g():\n    v = $C()\n$g()",
        "__set_name__": ("class $D:\n    def __set_name__(self, owner, name):\n        $f()\nclass $C:\n    p = $D()"),
        "__init_subclass__": (
            "class $B:\n    def __init_subclass__(cls, **more):\n        $f()\nclass $C($B):\n    pass"
        ),
        "__class_getitem__": "class $C:\n    def __class_getitem__(cls, item):\n        $f()\n$C[1]",
        "metaclass": (
            "class $M(type):\n    def __init__(cls, *args):\n        $f()\nclass $C(metaclass=$M):\n    pass"
        ),
        "metaclass call": (
            "class $M(type):\n    def __call__(cls, *args):\n        $f()\nclass $C(metaclass=$M):\n    pass\n$C()"
        ),
        "metaclass prepare": (
            "class $M(type):\n    @classmethod\n    def __prepare__(cls, *args):\n        $f()\n        return {}\n"
            "class $C(metaclass=$M):\n    pass"
        ),
        "__new__": "class $C:\n    def __new__(cls):\n        $f()\n        return object.__new__(cls)\n$C()",
        "__init__": "class $C:\n    def __init__(self):\n        $f()\n$C()",
        "__init__ of a base": "class $B:\n    def __init__(self):\n        $f()\nclass $C($B):\n    pass\n$C()",
        "__init__ of a base left out": (
            "class $B:\n    def __init__(self):\n        $f()\nclass $C($B):\n    def __init__(self):\n        pass\n$C()"
        ),
        "__post_init__": (
            "@dataclasses.dataclass\nclass $C:\n    n: int = 1\n    def __post_init__(self):\n        $f()\n$C()"
        ),
        "default_factory of a dataclass": (
            "@dataclasses.dataclass\nclass $C:\n    n: int = dataclasses.field(default_factory=$f)\n$C()"
        ),
        "default_factory not used": (
            "@dataclasses.dataclass\nclass $C:\n    n: int = dataclasses.field(default_factory=$f)\n$C(1)"
        ),
        "enum __init__": "class $C(enum.Enum):\n    A = 1\n    def __init__(self, n):\n        $f()",
        "enum _missing_": (
            "class $C(enum.Enum):\n    A = 1\n    @classmethod\n    def _missing_(cls, value):\n        $f()\n"
            "        return cls.A\n$C(2)"
        ),
        "enum member": "class $C(enum.Enum):\n    A = $f()",
        "multiple inheritance": (
            "class $A:\n    def go(self):\n        $f()\nclass $B:\n    def go(self):\n        pass\n"
            "class $C($A, $B):\n    pass\n$C().go()"
        ),
        "cooperative super": (
            "class $R:\n    def go(self):\n        pass\nclass $A($R):\n    def go(self):\n        super().go()\n"
            "class $B($R):\n    def go(self):\n        $f()\nclass $C($A, $B):\n    pass\n$C().go()"
        ),
        "abstract": (
            "class $B(abc.ABC):\n    @abc.abstractmethod\n    def go(self): ...\n    def run(self):\n        self.go()\n"
            "class $C($B):\n    def go(self):\n        $f()\n$C().run()"
        ),
        "overridden": (
            "class $B:\n    def run(self):\n        self.go()\n    def go(self):\n        pass\n"
            "class $C($B):\n    def go(self):\n        $f()\n$C().run()"
        ),
        "patched method": ("class $C:\n    def go(self):\n        pass\n$C.go = lambda self: $f()\n$C().go()"),
        "patched instance": "class $C:\n    def go(self):\n        pass\n$v = $C()\n$v.go = $f\n$v.go()",
        "patched function": "def $g():\n    pass\n$g = $f\n$g()",
        "patched by setattr": (
            'class $C:\n    def go(self):\n        pass\nsetattr($C, "go", lambda self: $f())\n$C().go()'
        ),
        "mock.patch": (
            "class $C:\n    @staticmethod\n    def go():\n        pass\n"
            'with unittest.mock.patch.object($C, "go", $f):\n    $C.go()'
        ),
        "mock side effect": "unittest.mock.Mock(side_effect=$f)()",
        "user dict": ("class $C(collections.UserDict):\n    def __missing__(self, key):\n        $f()\n$C()[1]"),
        "__missing__": "class $C(dict):\n    def __missing__(self, key):\n        $f()\n$C()[1]",
        "__missing__, present": "class $C(dict):\n    def __missing__(self, key):\n        $f()\n$C({1: 2})[1]",
        "overridden append": (
            "class $C(list):\n    def append(self, item):\n        $f()\n        super().append(item)\n$v = $C()\n$v.append(1)"
        ),
        "overridden __setitem__": (
            "class $C(dict):\n    def __setitem__(self, key, value):\n        $f()\n$v = $C()\n$v[1] = 2"
        ),
        "overridden __iter__": (
            "class $C(list):\n    def __iter__(self):\n        $f()\n        return super().__iter__()\nfor _ in $C([1]):\n    pass"
        ),
    },
    plain=0.12,
)
TRIGGERS = Table(
    TRIGGERS.topic,
    {name: text for name, text in TRIGGERS.forms.items() if "$import" not in text},
    TRIGGERS.plain,
)
