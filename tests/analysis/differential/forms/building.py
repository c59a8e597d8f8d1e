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
