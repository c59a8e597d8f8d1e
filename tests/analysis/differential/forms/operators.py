"""The methods that Python calls by itself, for operators and builtin functions."""

from __future__ import annotations

from ..writer import Table

# By method: its parameters, what it returns, and the expressions that call it (or do not) on the object $v.
_METHODS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "__bool__": (
        "self",
        "True",
        (
            "if $v:\n    pass",
            "not $v",
            "$v and 1",
            "$v or 1",
            "bool($v)",
            "while not $v:\n    pass",
            "[n for n in [1] if $v]",
            "1 if $v else 2",
            "assert $v",
            "all([$v])",
            "any([0, $v])",
            "list(filter(None, [$v]))",
            "$v is None",
            "isinstance($v, int)",
            "[$v]",
        ),
    ),
    "__len__": ("self", "1", ("len($v)", "if $v:\n    pass", "bool($v)", "max([$v], key=len)")),
    "__eq__": (
        "self, other",
        "True",
        (
            "$v == 1",
            "1 == $v",
            "$v != 1",
            "$v in [1]",
            "1 in [$v]",
            "[$v].index(1)",
            "[1].count($v)",
            "[1].remove($v)",
            "$v is None",
            "(1, $v) == (1, 2)",
            "[$v] == [1]",
            "match $v:\n    case 1:\n        pass",
            "$v in [$v]",
            "{1: $v} == {1: 2}",
        ),
    ),
    "__ne__": ("self, other", "True", ("$v != 1", "$v == 1")),
    "__hash__": (
        "self",
        "1",
        (
            "hash($v)",
            "{$v}",
            "{$v: 1}",
            "{}.get($v)",
            "$v in {1: 2}",
            "set([$v])",
            "$v in {}",
            "dict.fromkeys([$v])",
            "[$v]",
        ),
    ),
    "__lt__": (
        "self, other",
        "True",
        ("$v < 1", "1 > $v", "sorted([$v, $v])", "min($v, $v)", "sorted([$v])", "max([$v])"),
    ),
    "__gt__": ("self, other", "True", ("$v > 1", "1 < $v", "max($v, $v)")),
    "__str__": (
        "self",
        '""',
        (
            "str($v)",
            'f"{$v}"',
            "print($v)",
            '"%s" % $v',
            '"{}".format($v)',
            "repr($v)",
            'f"{$v!r}"',
            "logging.getLogger().error($v)",
            'logging.getLogger().debug("%s", $v)',
            '"".join([str($v)])',
        ),
    ),
    "__repr__": ("self", '""', ("repr($v)", "str($v)", 'f"{$v!r}"', "str([$v])", 'f"{[$v]}"', "print($v)", 'f"{$v=}"')),
    "__format__": ("self, spec", '""', ('f"{$v}"', "format($v)", '"{}".format($v)', "str($v)", 'f"{$v!s}"')),
    "__iter__": (
        "self",
        "iter([1])",
        (
            "for _ in $v:\n    pass",
            "list($v)",
            "[*$v]",
            "$w, = $v",
            "1 in $v",
            "sum($v)",
            "dict.fromkeys($v)",
            "zip($v)",
            "map(str, $v)",
            "enumerate($v)",
            "[n for n in $v]",
            "(n for n in $v)",
            "iter($v)",
            "[].extend($v)",
            "print(*$v)",
            "tuple($v)",
            "set().update($v)",
            "sorted($v)",
            "max($v)",
            "any($v)",
        ),
    ),
    "__reversed__": ("self", "iter([1])", ("list(reversed($v))", "reversed($v)")),
    "__contains__": ("self, item", "True", ("1 in $v", "1 not in $v", "operator.contains($v, 1)")),
    "__getitem__": (
        "self, item",
        '[1][item if item == 0 else int("1")]',
        ("$v[0]", "list($v)", "for _ in $v:\n    pass", "1 in $v", "operator.itemgetter(0)($v)", "$v[-1:]"),
    ),
    "__setitem__": (
        "self, item, value",
        "None",
        ("$v[0] = 1", "for $v[0] in [1]:\n    pass", "$v[0], $w = 1, 2", "operator.setitem($v, 0, 1)"),
    ),
    "__delitem__": ("self, item", "None", ("del $v[0]", "operator.delitem($v, 0)")),
    "__call__": ("self, *args", "1", ("$v()", "list(map($v, [1]))", "sorted([1], key=$v)", "callable($v)")),
    "__add__": (
        "self, other",
        "self",
        (
            "$v + 1",
            "$w = $v\n$w += 1",
            "sum([1], $v)",
            "operator.add($v, 1)",
            "functools.reduce(operator.add, [$v, 1])",
        ),
    ),
    "__radd__": ("self, other", "self", ("1 + $v", "sum([$v])", "[] + [$v]", "operator.add(1, $v)")),
    "__iadd__": ("self, other", "self", ("$w = $v\n$w += 1", "operator.iadd($v, 1)")),
    "__sub__": ("self, other", "self", ("$v - 1", "$w = $v\n$w -= 1")),
    "__rsub__": ("self, other", "self", ("1 - $v",)),
    "__isub__": ("self, other", "self", ("$w = $v\n$w -= 1",)),
    "__mul__": ("self, other", "self", ("$v * 2", "math.prod([$v], start=$v)")),
    "__rmul__": ("self, other", "self", ("2 * $v", "[1] * 2")),
    "__imul__": ("self, other", "self", ("$w = $v\n$w *= 2",)),
    "__truediv__": ("self, other", "self", ("$v / 2",)),
    "__floordiv__": ("self, other", "self", ("$v // 2", "divmod(1, 1)")),
    "__mod__": ("self, other", "self", ("$v % 2",)),
    "__pow__": ("self, other", "self", ("$v ** 2", "pow($v, 2)")),
    "__matmul__": ("self, other", "self", ("$v @ 2",)),
    "__and__": ("self, other", "self", ("$v & 2", "$v and 2")),
    "__or__": ("self, other", "self", ("$v | 2", "$v or 2")),
    "__ior__": ("self, other", "self", ("$w = $v\n$w |= 2",)),
    "__xor__": ("self, other", "self", ("$v ^ 2",)),
    "__lshift__": ("self, other", "self", ("$v << 2",)),
    "__rshift__": ("self, other", "self", ("$v >> 2",)),
    "__rrshift__": ("self, other", "self", ("2 >> $v",)),
    "__ror__": ("self, other", "self", ("2 | $v", "{} | $v")),
    "__neg__": ("self", "self", ("-$v", "operator.neg($v)")),
    "__pos__": ("self", "self", ("+$v",)),
    "__invert__": ("self", "self", ("~$v",)),
    "__abs__": ("self", "self", ("abs($v)",)),
    "__int__": ("self", "1", ("int($v)", "range(1)")),
    "__index__": (
        "self",
        "1",
        ("[0, 1][$v]", "range($v)", "[0, 1][:$v]", "hex($v)", "[0] * $v", "operator.index($v)", "int($v)"),
    ),
    "__float__": ("self", "1.0", ("float($v)", "math.sqrt($v)")),
    "__round__": ("self, digits=0", "1", ("round($v)",)),
    "__copy__": ("self", "self", ("copy.copy($v)", "copy.copy([$v])", "copy.deepcopy($v)")),
    "__deepcopy__": ("self, memo", "self", ("copy.deepcopy($v)", "copy.deepcopy([$v])", "copy.copy([$v])")),
    "__reduce__": ("self", '(str, ("",))', ("copy.copy($v)", "copy.deepcopy([$v])", "pickle.dumps($v)")),
    "__enter__": ("self", "self", ("with $v:\n    pass",)),
    "__length_hint__": ("self", "1", ("operator.length_hint($v)", "list([$v])")),
    "__fspath__": ("self", '"x"', ("os.fspath($v)", "pathlib.Path($v)", 'os.path.join("a", $v)')),
    "__sizeof__": ("self", "1", ("sys.getsizeof($v)",)),
    "__dir__": ("self", "[]", ("dir($v)", "vars($v)")),
}


def _form(method: str, parameters: str, result: str, use: str) -> str:
    lines = ["class $C:", f"    def {method}({parameters}):", "        $f()", f"        return {result}"]
    if method == "__enter__":
        lines += ["    def __exit__(self, *error):", "        pass"]
    return "\n".join([*lines, "$v = $C()", use])


def _title(method: str, use: str) -> str:
    return f"{method} at {' '.join(use.split())}".replace("$", "")


OPERATORS = Table(
    "operator",
    {
        _title(method, use): _form(method, parameters, result, use)
        for method, (parameters, result, uses) in _METHODS.items()
        for use in uses
    },
)
