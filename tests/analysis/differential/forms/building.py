"""How a program makes its model and its losses out of its lists and dicts."""

from __future__ import annotations

from ..writer import Table

# Bind $out to the outputs, named by the list of texts $X.
OUTPUTS = Table(
    "outputs",
    {
        "comprehension": "$out = [keras.layers.Dense(1, name=n)(inputs) for n in $X]",
        "loop": "$out = []\nfor $n in $X:\n    $out.append(keras.layers.Dense(1, name=$n)(inputs))",
        "map": "$out = list(map(lambda n: keras.layers.Dense(1, name=n)(inputs), $X))",
        "dict": "$out = {n: keras.layers.Dense(1, name=n)(inputs) for n in $X}",
        "dict loop": "$out = {}\nfor $n in $X:\n    $out[$n] = keras.layers.Dense(1, name=$n)(inputs)",
        "tuple": "$out = tuple(keras.layers.Dense(1, name=n)(inputs) for n in $X)",
        "unnamed": "$out = [keras.layers.Dense(1)(inputs) for _ in $X]",
        "helper": "def $g(n):\n    return keras.layers.Dense(1, name=n)(inputs)\n$out = [$g(n) for n in $X]",
        "generator": (
            "def $g(names):\n    for n in names:\n        yield keras.layers.Dense(1, name=n)(inputs)\n$out = list($g($X))"
        ),
        "numbered": '$out = [keras.layers.Dense(1, name=f"{n}_{i}")(inputs) for i, n in enumerate($X)]',
        "two rounds": "$l = [keras.layers.Dense(1, name=n) for n in $X]\n$out = [l(inputs) for l in $l]",
        "sorted": "$out = [keras.layers.Dense(1, name=n)(inputs) for n in sorted($X)]",
        "reversed": "$out = [keras.layers.Dense(1, name=n)(inputs) for n in reversed($X)]",
        "first two": "$out = [keras.layers.Dense(1, name=n)(inputs) for n in $X[:2]]",
        "in place": "$out = []\nfor $n in $X:\n    $out += [keras.layers.Dense(1, name=$n)(inputs)]",
        "insert": "$out = []\nfor $n in $X:\n    $out.insert(0, keras.layers.Dense(1, name=$n)(inputs))",
        "ordered dict": ("$out = collections.OrderedDict((n, keras.layers.Dense(1, name=n)(inputs)) for n in $X)"),
        "while": ("$out, $q = [], list($X)\nwhile $q:\n    $out.append(keras.layers.Dense(1, name=$q.pop(0))(inputs))"),
    },
    plain=0.6,
)

# Compile the model $M with the losses $L and weights $W.
COMPILES = Table(
    "compiled by",
    {
        "call": '$M.compile("sgd", loss=$L$W)',
        "positional": '$M.compile("sgd", $L)',
        "keywords": '$M.compile(**{"optimizer": "sgd", "loss": $L})',
        "dict of keywords": '$k = {"loss": $L}\n$M.compile("sgd", **$k)',
        "changed keywords": '$k = dict(loss=$L)\n$k["optimizer"] = "sgd"\n$M.compile(**$k)',
        "bound method": '$c = $M.compile\n$c("sgd", loss=$L$W)',
        "getattr": 'getattr($M, "compile")("sgd", loss=$L$W)',
        "unbound": 'keras.Model.compile($M, "sgd", loss=$L$W)',
        "function": 'def $g(model, loss):\n    model.compile("sgd", loss=loss)\n$g($M, $L)',
        "function called twice": (
            'def $g(model, loss):\n    model.compile("sgd", loss=loss)\n$g($M, {"a": "mse"})\n$g($M, $L)'
        ),
        "default": 'def $g(model, loss=$L):\n    model.compile("sgd", loss=loss)\n$g($M)',
        "method": (
            "class $C:\n    def __init__(self, model, loss):\n        self.model, self.loss = model, loss\n"
            '    def go(self):\n        self.model.compile("sgd", loss=self.loss)\n$C($M, $L).go()'
        ),
        "lambda": '(lambda model, loss: model.compile("sgd", loss=loss))($M, $L)',
        "closure": 'def $g(loss):\n    return lambda model: model.compile("sgd", loss=loss)\n$g($L)($M)',
        "partial": 'functools.partial($M.compile, "sgd", loss=$L$W)()',
        "map": 'list(map(lambda model: model.compile("sgd", loss=$L$W), [$M]))',
        "comprehension": '[one.compile("sgd", loss=$L$W) for one in [$M]]',
        "loop": 'for $o in [$M]:\n    $o.compile("sgd", loss=$L$W)',
        "generator": 'def $g():\n    yield $M.compile("sgd", loss=$L$W)\nlist($g())',
        "finally": 'try:\n    pass\nfinally:\n    $M.compile("sgd", loss=$L$W)',
        "handler": 'try:\n    [][1]\nexcept IndexError:\n    $M.compile("sgd", loss=$L$W)',
        "with": 'with contextlib.nullcontext($M) as $o:\n    $o.compile("sgd", loss=$L$W)',
        "thread": '$t = threading.Thread(target=lambda: $M.compile("sgd", loss=$L$W))\n$t.start()\n$t.join()',
        "outside": 'outside.use(lambda: $M.compile("sgd", loss=$L$W))\noutside.flush()',
        "twice": 'for $i in range(2):\n    $M.compile("sgd", loss=$L$W)',
        "variable": '$l = $L\n$M.compile("sgd", loss=$l$W)',
        "conditional": '$M.compile("sgd", loss=$L if outside.flag() else "mse")',
        "either": 'if outside.flag():\n    $M.compile("sgd", loss=$L)\nelse:\n    $M.compile("sgd", loss="mse")',
        "loss of either": '$l = "mse"\nif outside.flag():\n    $l = $L\n$M.compile("sgd", loss=$l)',
        "in a coroutine": 'async def $a():\n    $M.compile("sgd", loss=$L$W)\nasyncio.run($a())',
        "decorated": (
            "def $d(function):\n    def around(*args):\n        return function(*args)\n    return around\n"
            '@$d\ndef $g(model, loss):\n    model.compile("sgd", loss=loss)\n$g($M, $L)'
        ),
        "property": ('class $C:\n    @property\n    def go(self):\n        $M.compile("sgd", loss=$L$W)\n$C().go'),
        "reused": '$M.compile("sgd", loss=$L$W)\n$M.fit(x, y)\n$M.compile("sgd", loss={"a": "mse"})',
        "other model": (
            '$o = keras.Model(inputs, [keras.layers.Dense(1, name="o")(inputs)])\n'
            'for $i in [$o, $M]:\n    $i.compile("sgd", loss=$L$W)'
        ),
    },
    plain=0.6,
)

LOSSES = Table(
    "loss",
    {
        "the dict": "$D",
        "a copy": "dict($D)",
        "unpacked": "{**$D}",
        "comprehension": "{n: $D[n] for n in $D}",
        "values": "list($D.values())",
        "items": "dict($D.items())",
        "by the names": "{n: $D[n] for n in $X if n in $D}",
        "list by the names": '[$D.get(n, "mse") for n in $X]',
        "zipped": 'dict(zip($X, ["mse", "mae", "bce"]))',
        "ordered dict": "collections.OrderedDict($D)",
        "sorted": "dict(sorted($D.items()))",
        "merged": '$D | {"z": "mse"}',
        "one": '$D["a"]',
        "plain": '{"a": "mse", "b": "mae"}',
        "nested": '{"a": [$D.get("a"), "mse"], "b": "mae"}',
    },
    plain=0.6,
)

WEIGHTS = Table(
    "weights",
    {
        "none": "",
        "by the names": ", loss_weights={n: float(i) for i, n in enumerate($X)}",
        "list": ", loss_weights=[float(i) for i, _ in enumerate($X)]",
        "of the losses": ", loss_weights={n: 0.5 for n in $D}",
        "counted": ", loss_weights=[len($X), len($D)]",
    },
    plain=0.7,
)

# What happens between two effects, or between an effect and the end of its function.
BREAKS = Table(
    "broken off by",
    {
        "nothing": "pass",
        "raise": "raise ValueError",
        "raise of a base": "raise KeyError",
        "index error": "[][1]",
        "perhaps": "if outside.flag():\n    raise ValueError",
        "perhaps in a call": "outside.flag() or 1 / 0",
        "text": 'int("x")',
        "assert": "assert not 1",
        "unpacked": "$u, $v = [1]",
        "attribute": "None.no_such",
        "exit": "raise SystemExit",
        "call": "def $g():\n    raise ValueError\n$g()",
        "next": "next(iter([]))",
        "finally": "try:\n    raise ValueError\nfinally:\n    pass",
        "within with": "with contextlib.nullcontext():\n    raise ValueError",
        "of a generator": "def $g():\n    yield 1\n    raise ValueError\nlist($g())",
        "reraised": "try:\n    [][1]\nexcept IndexError:\n    raise",
        "chained": "try:\n    [][1]\nexcept IndexError as $e:\n    raise ValueError from $e",
    },
    plain=0.2,
)

CAUGHT = Table(
    "caught by",
    {
        "except": "try:\n    $body\nexcept Exception:\n    pass",
        "base exception": "try:\n    $body\nexcept BaseException:\n    pass",
        "suppress": "with contextlib.suppress(BaseException):\n    $body",
        "else": "try:\n    $body\nexcept Exception:\n    pass\nelse:\n    pass",
        "finally": "try:\n    try:\n        $body\n    finally:\n        pass\nexcept Exception:\n    pass",
        "two handlers": "try:\n    $body\nexcept ValueError:\n    pass\nexcept Exception:\n    pass",
        "return in finally": "def $g():\n    try:\n        $body\n    finally:\n        return\n$g()",
        "break in finally": "while True:\n    try:\n        $body\n    finally:\n        break",
        "loop": "for $i in [1, 2]:\n    try:\n        $body\n    except Exception:\n        continue",
        "own context": (
            "class $C:\n    def __enter__(self):\n        pass\n    def __exit__(self, *error):\n        return True\n"
            "with $C():\n    $body"
        ),
        "context manager": (
            "@contextlib.contextmanager\ndef $c():\n    try:\n        yield\n    except Exception:\n        pass\n"
            "with $c():\n    $body"
        ),
        "exit stack": ("with contextlib.ExitStack() as $s:\n    $s.push(lambda *error: True)\n    $body"),
        "coroutine": (
            "async def $a():\n    $body\nasync def $b():\n    try:\n        await $a()\n    except Exception:\n        pass\n"
            "asyncio.run($b())"
        ),
        "gather": (
            "async def $a():\n    $body\nasync def $b():\n    await asyncio.gather($a(), return_exceptions=True)\n"
            "asyncio.run($b())"
        ),
        "thread": "def $g():\n    $body\n$t = threading.Thread(target=$g)\n$t.start()\n$t.join()",
        "generator": ("def $g():\n    $body\n    yield\ntry:\n    list($g())\nexcept Exception:\n    pass"),
    },
    plain=0.3,
)

# Where all of it stands.
AROUND = Table(
    "program",
    {
        "module": "$body",
        "function": "def main():\n    $body\nmain()",
        "main": 'def main():\n    $body\nif __name__ == "__main__":\n    main()',
        "method": "class Trainer:\n    def train(self):\n        $body\nTrainer().train()",
        "twice": "def main():\n    $body\nmain()\nmain()",
        "loop": "for turn in range(2):\n    $body",
        "try": "try:\n    $body\nexcept ValueError:\n    raise",
        "init": "class Trainer:\n    def __init__(self):\n        $body\nTrainer()",
        "with": "with contextlib.nullcontext():\n    $body",
        "coroutine": "async def main():\n    $body\nasyncio.run(main())",
        "thread": "def main():\n    $body\n$t = threading.Thread(target=main)\n$t.start()\n$t.join()",
    },
    plain=0.6,
)
