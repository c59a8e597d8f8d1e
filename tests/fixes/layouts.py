"""Programs as people lay them out: each a sequence of texts that a fix must leave alone and of those it may write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

OUTPUTS = ("small", "big")
ORDERS = (OUTPUTS, OUTPUTS[::-1])

HEAD = """\
import keras

def log(*things):
    return things

def keep(function):
    return function

def own_loss(y, p):
    return y - p

def make(*things, **named):
    return keras.losses.Huber(delta=2.0)

options, flags = {"run_eagerly": False}, ()
inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""

# Losses that differ from each other.
LOSSES = (
    '"mse"',
    "'mae'",
    'u"msle"',
    '"log" "_cosh"',
    "f\"po{'iss'}on\"",
    "own_loss",
    "keras.losses.Huber(delta=0.5)",
    "make(1, [2, {3: (4,)}], key={'small': 'mse'})",
    'keras.losses.get(keras.losses.get("mape"))',
    'lambda y, p: (y - p)["small"]',
    "(picked := keras.losses.hinge)",
    "(\n    keras.losses.CosineSimilarity()\n)",
    f"keras.losses.Huber(delta={'1' * 300})",
)

NOISE = (
    "",
    "\f\n",
    "# fmt: off\n",
    "# fmt: skip\nmatrix = [ 1,0,\n           0,1 ]\n",
    'text = \'model.compile("adam", loss={"small": "mse", "big": "mae"})\'\n',
    'raw, data = r"\\N{1}", rb"{\\"small\\": 1}"\n',
    'page = """\nmodel.compile(\n\t"adam",  # not code\n)\n"""\n',
    "total = 1 + \\\n    2\n",
    f"long = '{'x' * 3000}'  # and more\n",
    "if True:\n\tindented = 'with a tab'  \n",
    "trailing = 1   \n\n\n\n",
    "names = {name: 1 for name in ('small', 'big')}\n",
    "wide = 'é'  # ä\n",
)

SPACES = ("", "", "", " ", "\t", "\n    ", "\n\n\t\t", " \\\n  ", "  # note\n    ", "\n    # fmt: off\n    ", "\f")

# What stands around the statement that compiles, and around the statement that trains.
FRAMES = (
    ("", "", ""),
    ("def train(x, a, b):\n", "    ", "train(x, a, b)\n"),
    ("@keep\ndef train(x, a, b):\n", "\t", "\n\ntrain(x, a, b)\n"),
    ("async def train(x, a, b):\n", "    ", "import asyncio\nasyncio.run(train(x, a, b))\n"),
    ("class Trainer:\n  @staticmethod\n  def train(x, a, b):\n", "      ", "Trainer.train(x, a, b)\n"),
    ("with open('log') as file:\n", "  ", ""),
    ("if True:\n\tif True:\n", "\t\t", ""),
)
STATEMENTS = (
    ("", ""),
    ("", "  # compiled"),
    ("", "; done = True"),
    ("result = ", ""),
    ("log(1, [2, ", "], {3: 4})"),
    ("log(result := ", ")"),
    ("_ = (", ")"),
)
OPTIMIZERS = ('"adam"', 'optimizer="adam"', '("adam")', '(chosen := "adam")', "*flags", "*('adam',)", "**options", "")
FUNCTIONS = (
    "model.compile",
    "model.compile",
    "model.compile",
    "model.compile ",
    "model.\\\n  compile",
    "model \\\n.compile",
)


@dataclass(frozen=True)
class Display:
    """A dict that a fix may write as a tuple: its text, and the text of each value by name."""

    text: str
    values: dict[str, str]


@dataclass(frozen=True)
class Layout:
    """A program in its parts: texts in between, and what a fix may write, which is the call and the displays in it.

    before and after: what stands around the call and its ``(``. first: the space after that ``(``.
    """

    before: str
    function: str
    first: str
    inside: tuple[str | Display, ...]
    newline: str
    encoding: str
    bom: bool

    @property
    def text(self) -> str:
        """The program, with its own line ends."""
        return self.ends("".join([self.before, self.function, "(", self.first, *map(_text, self.inside)]))

    @property
    def data(self) -> bytes:
        """The program as it is on the disk."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + self.text.encode(self.encoding)

    @property
    def displays(self) -> Iterator[Display]:
        """The dicts that are to become tuples."""
        return (part for part in self.inside if isinstance(part, Display))

    def ends(self, text: str) -> str:
        """A text with the line ends of the program."""
        return text.replace("\n", self.newline)

    def as_tuples(self) -> re.Pattern[str]:
        """An expression for the program in which the displays, and nothing else, have become tuples."""
        start = re.escape(self.ends(f"{self.before}{self.function}({self.first}"))
        parts = [r"(\(.*?\))" if isinstance(part, Display) else re.escape(self.ends(part)) for part in self.inside]
        return re.compile(start + "".join(parts), re.DOTALL)

    def as_safe_compile(self) -> re.Pattern[str]:
        """An expression for the program in which the call, and nothing else, has become one of safe_compile."""
        space = rf"(?:[ ]|{self.newline}[ \t\f]*)"
        rest = re.escape(self.ends("".join(map(_text, self.inside))))
        start = re.escape(self.ends(self.before)), re.escape(self.ends(f"({self.first}"))
        return re.compile(f"{start[0]}safe_compile *{start[1]}model,{space}{rest}")


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Programs that compile and train a model with a bug in it, laid out in any way."""

    def space(choices: Sequence[str] = SPACES) -> str:
        return draw(st.sampled_from(choices))

    bom, encoding = draw(st.sampled_from([(False, "utf-8"), (True, "utf-8"), (False, "latin-1")]))
    cookie = "# -*- coding: latin-1 -*-\n" if encoding == "latin-1" else ""
    noise = draw(st.lists(st.sampled_from(NOISE), max_size=3))
    frame, indent, after = draw(st.sampled_from(FRAMES))
    left, right = draw(st.sampled_from(STATEMENTS))
    optimizer = draw(st.sampled_from(OPTIMIZERS))
    values = dict(
        zip(OUTPUTS, draw(st.lists(st.sampled_from(LOSSES), min_size=2, max_size=2, unique=True)), strict=True)
    )
    losses = _display(draw, values)
    keyword = (
        "loss=" if "*" in optimizer or "=" in optimizer.replace(":=", "") or not optimizer else space(("", "loss="))
    )
    inside: list[str | Display] = [f"{optimizer}{space()},{space()}" if optimizer else "", keyword, losses]
    if draw(st.booleans()):
        weights = _display(draw, {"small": "0.5", "big": "2.0"})
        inside += [f"{space()},{space()}loss_weights={space()}", weights]
    inside.append(f"{space()}{space(('', ','))}{space()}){right}\n")
    inside.append(f"{draw(st.sampled_from(NOISE[:3]))}{indent}model.fit(x, ")
    if draw(st.booleans()):
        inside += [_display(draw, {"small": "a", "big": "b"}), ")\n"]
    else:
        inside.append("[a, b])\n")
    inside.append(after)
    head = f"{cookie}{HEAD}{''.join(noise)}"
    function = draw(st.sampled_from(FUNCTIONS))
    # Python looks for the encoding in the first two lines as line feeds end them
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"][: 2 if cookie else 3]))
    return Layout(f"{head}{frame}{indent}{left}", function, space(), tuple(inside), newline, encoding, bom)


def _display(draw: st.DrawFn, values: dict[str, str]) -> Display:
    """A dict display with space, comments and line ends in it; a comment of its own for each value, if any."""
    names = draw(st.sampled_from(ORDERS))
    spread = draw(st.sampled_from(["one line", "lines", "any"]))
    quote = draw(st.sampled_from("'\""))
    comma = draw(st.sampled_from(["", ","]))
    items = [f"{quote}{name}{quote}: {values[name]}" for name in names]
    if spread == "one line":
        return Display("{" + ", ".join(items) + comma + "}", values)
    if spread == "lines":
        lines = [f"        {item},  # of {name}\n" for item, name in zip(items, names, strict=True)]
        return Display("{\n        # all losses\n" + "".join(lines) + "    }", values)
    spaces = [draw(st.sampled_from(SPACES)) for _ in range(4)]
    return Display(f"{{{spaces[0]}{items[0]}{spaces[1]},{spaces[2]}{items[1]}{comma}{spaces[3]}}}", values)


def _text(part: str | Display) -> str:
    return part if isinstance(part, str) else part.text
