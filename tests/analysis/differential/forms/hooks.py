"""Statements that run the function $f, or perhaps run it: methods that Python calls by itself, on classes and objects."""

from __future__ import annotations

HOOKS = {
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
    "__del__": "class $C:\n    def __del__(self):\n        $f()\n$v = $C()\ndel $v",
    "__del__ of a temporary": "class $C:\n    def __del__(self):\n        $f()\n$C()",
    "__del__ by rebinding": "class $C:\n    def __del__(self):\n        $f()\n$v = $C()\n$v = None",
    "__del__ at return": "class $C:\n    def __del__(self):\n        $f()\ndef $g():\n    v = $C()\n$g()",
    "__set_name__": ("class $D:\n    def __set_name__(self, owner, name):\n        $f()\nclass $C:\n    p = $D()"),
    "__init_subclass__": ("class $B:\n    def __init_subclass__(cls, **more):\n        $f()\nclass $C($B):\n    pass"),
    "__class_getitem__": "class $C:\n    def __class_getitem__(cls, item):\n        $f()\n$C[1]",
    "metaclass": ("class $M(type):\n    def __init__(cls, *args):\n        $f()\nclass $C(metaclass=$M):\n    pass"),
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
    "super past a class": (
        "class $R:\n    def go(self):\n        $f()\nclass $A($R):\n    def go(self):\n        pass\n"
        "class $C($A):\n    def go(self):\n        super($A, self).go()\n$C().go()"
    ),
    "super outside of a class": (
        "class $A:\n    def go(self):\n        $f()\nclass $C($A):\n    def go(self):\n        pass\nsuper($C, $C()).go()"
    ),
    "private method": (
        "class $A:\n    def __go(self):\n        $f()\n    def run(self):\n        self.__go()\n"
        "class $C($A):\n    def __go(self):\n        pass\n$C().run()"
    ),
    "private method of a subclass": (
        "class $A:\n    def __go(self):\n        pass\n    def run(self):\n        self.__go()\n"
        "class $C($A):\n    def __go(self):\n        $f()\n$C().run()"
    ),
    "private attribute": (
        "class $A:\n    def __init__(self):\n        self.__n = 1\n    def run(self):\n        if self.__n == 1:\n"
        "            $f()\nclass $C($A):\n    def __init__(self):\n        super().__init__()\n        self.__n = 2\n"
        "$C().run()"
    ),
    "operator of a subclass first": (
        "class $A:\n    def __add__(self, other):\n        pass\n    def __radd__(self, other):\n        pass\n"
        "class $C($A):\n    def __radd__(self, other):\n        $f()\n$A() + $C()"
    ),
    "operator that is refused": (
        "class $A:\n    def __add__(self, other):\n        return NotImplemented\nclass $C:\n"
        "    def __radd__(self, other):\n        $f()\n$A() + $C()"
    ),
    "comparison of a subclass first": (
        "class $A:\n    def __lt__(self, other):\n        return True\n    def __gt__(self, other):\n        return True\n"
        "class $C($A):\n    def __gt__(self, other):\n        $f()\n        return True\n$A() < $C()"
    ),
    "equality that is refused": (
        "class $A:\n    def __eq__(self, other):\n        return NotImplemented\nclass $C:\n"
        "    def __eq__(self, other):\n        $f()\n        return True\n$A() == $C()"
    ),
    "no number, by its identity": '$v = float("nan")\nif $v in [$v]:\n    $f()',
    "name of a class body": (
        "global $n\n$n = 1\ndef $g():\n    $n = 2\n    class $C:\n        $n = $n\n    return $C.$n\nif $g() == 1:\n    $f()"
    ),
    "builtin that is hidden for a while": (
        "global sorted\ndef sorted(items):\n    return [0]\ndel sorted\nif sorted([2, 1]) == [1, 2]:\n    $f()"
    ),
    "index from a place": 'if ["a", "b", "a"].index("a", 1) == 2:\n    $f()',
    "with that is left by return": (
        "class $C:\n    def __enter__(self):\n        pass\n    def __exit__(self, *given):\n        $f()\ndef $g():\n    with $C():\n        return 1\n$g()"
    ),
    "with that is left by break": (
        "class $C:\n    def __enter__(self):\n        pass\n    def __exit__(self, *given):\n        $f()\nfor _ in [1]:\n    with $C():\n        break"
    ),
    "contextmanager that is left by return": (
        "@contextlib.contextmanager\ndef $c():\n    yield\n    $f()\ndef $g():\n    with $c():\n        return 1\n$g()"
    ),
    "contextmanager with finally, left by continue": (
        "@contextlib.contextmanager\ndef $c():\n    try:\n        yield\n    finally:\n        $f()\nfor _ in [1]:\n    with $c():\n        continue"
    ),
    "nested class body": ("$n = 1\nclass $C:\n    $n = 2\n    class $D:\n        k = $n\nif $C.$D.k == 1:\n    $f()"),
    "comprehension in a class body": (
        "$n = [1]\nclass $C:\n    $n = [2]\n    k = [i for _ in [0] for i in $n]\nif $C.k == [1]:\n    $f()"
    ),
    "del in a class body": (
        "global $n\n$n = 1\nclass $C:\n    $n = 2\n    del $n\n    k = $n\nif $C.k == 1:\n    $f()"
    ),
    "decorators from above": (
        "$v = []\ndef $g(n):\n    $v.append(n)\n    return lambda made: made\n@$g(1)\n@$g(2)\ndef $h(given=$g(3)):\n    pass\nif $v == [1, 2, 3]:\n    $f()"
    ),
    "decorator before bases": (
        "$v = []\ndef $g(n, made=object):\n    $v.append(n)\n    return made\n@$g(1, lambda made: made)\nclass $C($g(2)):\n    pass\nif $v == [1, 2]:\n    $f()"
    ),
    "key before value": (
        "$v = []\ndef $g(n):\n    $v.append(n)\n    return n\n{$g(1): $g(2)}\nif $v == [1, 2]:\n    $f()"
    ),
    "target that is evaluated once": (
        "$v = []\ndef $g(n):\n    $v.append(n)\n    return 0\n$w = [0]\n$w[$g(1)] += $g(2)\nif $v == [1, 2]:\n    $f()"
    ),
    "property that grows": (
        "class $C:\n    @property\n    def items(self):\n        return []\n    @items.setter\n    def items(self, given):\n        $f()\n$v = $C()\n$v.items += [1]"
    ),
    "item that grows": (
        "class $C:\n    def __getitem__(self, key):\n        return []\n    def __setitem__(self, key, given):\n        $f()\n$v = $C()\n$v[0] += [1]"
    ),
    "class attribute that is deleted": (
        'class $A:\n    n = 1\nclass $C($A):\n    n = 2\ndelattr($C, "n")\nif $C.n == 1:\n    $f()'
    ),
    "cached property that is deleted": (
        "class $C:\n    n = 1\n    @functools.cached_property\n    def made(self):\n        return self.n\n$v = $C()\n$v.made\n$v.n = 2\ndel $v.made\nif $v.made == 2:\n    $f()"
    ),
    "default of a dataclass": (
        "@dataclasses.dataclass\nclass $A:\n    n: int = 1\nclass $C($A):\n    n = 2\nif $C().n == 1:\n    $f()"
    ),
    "name of a function that is set": (
        'def $g():\n    pass\n$g.__name__ = "other"\nif $g.__name__ == "other":\n    $f()'
    ),
    "deep copy of what is shared": (
        "$v = [1]\n$w = copy.deepcopy([$v, $v])\n$w[0].append(2)\nif $w[1] == [1, 2] and $v == [1]:\n    $f()"
    ),
    "deep copy of a tuple": "$v = ([1],)\n$w = copy.deepcopy($v)\n$w[0].append(2)\nif $v[0] == [1]:\n    $f()",
    "cache that is cleared": (
        "@functools.lru_cache\ndef $g():\n    return [1]\n$g().append(2)\n$g.cache_clear()\nif $g() == [1]:\n    $f()"
    ),
    "copy of a member of an enum": ("class $C(enum.Enum):\n    A = 1\nif copy.deepcopy([$C.A])[0] is $C.A:\n    $f()"),
    "deep copy of a method": (
        "class $C:\n    def __init__(self):\n        self.n = [1]\n    def go(self):\n        self.n.append(2)\n"
        "$v = $C()\ncopy.deepcopy($v.go)()\nif $v.n == [1]:\n    $f()"
    ),
    "parameter by its place alone": ("def $g(n=1, /, **more):\n    return n\nif $g(n=2) == 1:\n    $f()"),
    "attributes that are handed on": (
        "class $C:\n    def __init__(self, n):\n        self.n = n\n$v = $C([1])\n$w = $C(**vars($v))\n"
        "$w.n.append(2)\nif $v.n == [1, 2]:\n    $f()"
    ),
    "attributes as a dict": (
        "class $C:\n    pass\n$v = $C()\n$v.n = [1]\n$w = {k: n for k, n in vars($v).items()}\n"
        '$w["n"].append(2)\nif $v.n == [1, 2]:\n    $f()'
    ),
    "super of a class method": (
        "class $R:\n    @classmethod\n    def go(cls):\n        pass\nclass $A($R):\n    @classmethod\n"
        "    def go(cls):\n        super().go()\nclass $B($R):\n    @classmethod\n    def go(cls):\n        $f()\n"
        "class $C($A, $B):\n    pass\n$C.go()"
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
}
