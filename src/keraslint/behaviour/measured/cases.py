"""The measured calls: a model and the form of each argument, and these as Outputs and Structures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from keraslint.behaviour.structure import ABSENT, Leaf, Named, Outputs, Positional, Structure


@dataclass(frozen=True, slots=True)
class Model:
    """A model to measure. ``keys``: its outputs' keys in dicts of arguments. ``made_by``: the makers of its outputs."""

    outputs: Outputs
    words: str
    keys: tuple[str, ...]
    made_by: Literal["layers", "models", "unnamed layers"] = "layers"


def _functional(container: Literal["list", "tuple", "dict", "odict", "tensor"], *names: str, words: str) -> Model:
    keys = names if container in ("dict", "odict") else ()
    return Model(Outputs(container, names, keys), words, names)


def _renamed(names: tuple[str, str], keys: tuple[str, str], words: str) -> Model:
    return Model(Outputs("dict", names, keys), words, keys)


def _shared(names: tuple[str, ...], inner: tuple[str, ...], words: str) -> Model:
    return Model(Outputs("list", names, inner=inner), f"list made by models, {words}", inner, "models")


def _subclassed(container: Literal["list", "tuple", "dict", "odict"], *keys: str, words: str) -> Model:
    own = keys if container in ("dict", "odict") else ()
    return Model(Outputs(container, (None,) * len(keys), own, functional=False), words, keys)


MODELS: Mapping[str, Model] = MappingProxyType({
    "list": _functional("list", "out_small", "out_big", words="list, unsorted"),
    "list-sorted": _functional("list", "out_big", "out_small", words="list, sorted"),
    "tuple": _functional("tuple", "out_small", "out_big", words="tuple, unsorted"),
    "list-of-three": _functional("list", "c", "a", "b", words="list of three, unsorted"),
    "list-of-three-sorted": _functional("list", "a", "b", "c", words="list of three, sorted"),
    "list-capitals": _functional("list", "a", "B", words="list, sorted but for a capital"),
    "list-numbers": _functional("list", "out_2", "out_10", words="list, numbered"),
    "list-of-models": Model(
        Outputs("list", ("tower_z", "tower_a")), "list made by models, unsorted", ("tower_z", "tower_a"), "models"
    ),
    "list-shared": _shared(("both", "both"), ("z", "a"), "two outputs under one name, unsorted"),
    "list-shared-sorted": _shared(("both", "both"), ("a", "z"), "two outputs under one name, sorted"),
    "list-shared-of-three": _shared(("front", "back", "back"), ("w", "m", "b"), "two of three outputs under one name"),
    "list-unnamed": Model(
        Outputs("list", ("multiply", "dense")), "list, names that Keras gave", ("multiply", "dense"), "unnamed layers"
    ),
    "dict": _functional("dict", "out_small", "out_big", words="dict, unsorted"),
    "dict-sorted": _functional("dict", "out_big", "out_small", words="dict, sorted"),
    "dict-of-three": _functional("dict", "c", "a", "b", words="dict of three, unsorted"),
    "dict-renamed": _renamed(("o1", "o2"), ("s", "b"), "dict, keys unsorted, layers sorted"),
    "dict-renamed-sorted": _renamed(("o2", "o1"), ("b", "s"), "dict, keys sorted, layers unsorted"),
    "dict-exchanged": _renamed(("y", "x"), ("x", "y"), "dict, each key the other's layer"),
    "dict-shared": Model(Outputs("dict", ("both", "both"), ("z", "a")), "dict made by one model", ("z", "a"), "models"),
    "odict": _functional("odict", "out_small", "out_big", words="OrderedDict, unsorted"),
    "odict-sorted": _functional("odict", "out_big", "out_small", words="OrderedDict, sorted"),
    "tensor": _functional("tensor", "out", words="one output"),
    "list-of-one": _functional("list", "out", words="list of one"),
    "dict-of-one": _functional("dict", "out", words="dict of one"),
    "subclass-list": _subclassed("list", "z", "a", words="subclass, list"),
    "subclass-tuple": _subclassed("tuple", "z", "a", words="subclass, tuple"),
    "subclass-dict": _subclassed("dict", "z", "a", words="subclass, dict, unsorted"),
    "subclass-dict-sorted": _subclassed("dict", "a", "z", words="subclass, dict, sorted"),
    "subclass-odict": _subclassed("odict", "z", "a", words="subclass, OrderedDict, unsorted"),
})  # fmt: skip
"""The models by name. "Sorted" is said of the names, or keys, of the outputs in declared order."""

FORMS: Mapping[str, str] = MappingProxyType({
    "dict": "dict", "dict-reversed": "dict in reversed order", "odict": "OrderedDict in output order",
    "odict-reversed": "OrderedDict in reversed order", "list": "list", "tuple": "tuple",
    "list-by-key": "list in the order of the sorted keys", "tuple-by-key": "tuple in the order of the sorted keys",
    "one": "one for all outputs", "by-layer": "dict by layer names", "integers": "dict of integers",
    "first": "dict, the first output only", "second": "dict, the second output only",
    "last": "dict, the last output only", "not-first": "dict without the first output",
    "none-first": "dict, None for the first output", "none-second": "dict, None for the second output",
    "list-none-first": "list, None for the first output", "list-none-second": "list, None for the second output",
    "list-none-last": "list, None for the last output",
    "typo": "dict, the first key misspelt",
    "extra": "dict with a key too many", "lists": "dict of lists of one", "two-lists": "dict of lists, two first",
    "list-of-dicts": "list of dicts of one key", "as-loss": "dict with the keys of the losses",
    "list-one": "list of one for all outputs", "texts": "list of texts", "dict-of-texts": "dict of texts",
    "dict-of-lists-of-texts": "dict of lists of texts",
})  # fmt: skip
"""The forms of an argument, in words."""

EXTRA_KEY = "aaa"
EVERYWHERE = "*"
"""The token of the one loss for all outputs."""


@dataclass(frozen=True)
class Case:
    """One call: the name of a model, and the name of the form of each argument, "" if it is not given.

    The table holds cases with a class_weight, too: they are measured, and no rule reads them.
    """

    model: str
    loss: str
    y: str
    loss_weights: str = ""
    sample_weight: str = ""
    metrics: str = ""
    weighted_metrics: str = ""
    class_weight: str = ""

    @classmethod
    def parse(cls, text: str) -> Case:
        """Return the case that ``str`` writes as ``text``. Raises ValueError."""
        model, *arguments = text.split(" ")
        return cls(model, **dict(argument.split("=") for argument in arguments))

    def __str__(self) -> str:
        """The model and the given arguments: ``list loss=dict y=dict``."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self)[1:])
        return " ".join((self.model, *(f"{name}={form}" for name, form in named if form)))

    @property
    def in_words(self) -> str:
        """The given arguments: ``loss: dict; y: list``."""
        given = (part.split("=") for part in str(self).split(" ")[1:])
        return "; ".join(f"{name}: {FORMS[form]}" for name, form in given)

    @property
    def outputs(self) -> Outputs:
        """The outputs of the model."""
        return MODELS[self.model].outputs

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the outputs in dicts of arguments, in declared order."""
        return MODELS[self.model].keys

    @cached_property
    def loss_structure(self) -> Structure:
        """The losses: the token of each is the key of the output that it is meant for."""
        return self._arranged(self.loss, Leaf)

    @cached_property
    def y_structure(self) -> Structure:
        """The targets: the token of each is the key of its output."""
        if self.y == "one":
            return Leaf(self.keys[0])
        if self.y == "as-loss":
            meant = self.loss_structure
            keys = [key for key, value in meant.entries if value != ABSENT] if isinstance(meant, Named) else self.keys
            if isinstance(meant, Positional):
                keys = [key for key, value in zip(self.keys, meant.items, strict=True) if value != ABSENT]
            return Named(tuple((key, Leaf(key)) for key in self.keys if key in keys))
        return self._arranged(self.y, Leaf)

    @cached_property
    def loss_weights_structure(self) -> Structure:
        """The loss weights: 2.0, 5.0, 8.0 for the outputs in declared order."""
        return self._numbers(self.loss_weights)

    @cached_property
    def sample_weight_structure(self) -> Structure:
        """The sample weights: 2.0, 5.0, 8.0 for the outputs in declared order, or 4.0 for all."""
        return Leaf(4.0) if self.sample_weight == "one" else self._numbers(self.sample_weight)

    @cached_property
    def metrics_structure(self) -> Structure:
        """The metrics: the token of each is the key of the output that it is meant for."""
        return self._arranged(self.metrics, Leaf)

    @cached_property
    def weighted_metrics_structure(self) -> Structure:
        """The weighted metrics, like ``metrics_structure``."""
        return self._arranged(self.weighted_metrics, Leaf)

    def _numbers(self, form: str) -> Structure:
        number = dict(zip(self.keys, (2, 5, 8), strict=False))
        if form == "integers":
            return self._arranged("dict", lambda key: Leaf(number[key]))
        if form.endswith("texts"):
            kind = {"texts": "list", "dict-of-texts": "dict"}.get(form, "lists")
            return self._arranged(kind, lambda _: Leaf("accuracy"))
        return self._arranged(form, lambda key: Leaf(float(number.get(key, 9))))

    def _arranged(self, form: str, leaf: Callable[[str], Structure]) -> Structure:
        """The leaves of the outputs in the container of the form."""
        if not form:
            return ABSENT
        if form in ("one", "list-one"):
            return leaf(EVERYWHERE) if form == "one" else Positional((leaf(EVERYWHERE),))
        keys = self.keys
        if form in ("list-by-key", "tuple-by-key"):
            keys = tuple(sorted(keys))
        pairs = dict(_pairs(form, {key: leaf(key) for key in keys}, leaf))
        if form == "list-of-dicts":
            return Positional(tuple(Named((pair,)) for pair in pairs.items()))
        if form.startswith(("list-", "tuple")) or form == "list":
            return Positional(tuple(pairs.values()), "tuple" if form.startswith("tuple") else "list")
        if form == "by-layer":
            named = reversed(tuple(zip(map(str, self.outputs.names), keys, strict=True)))
            return Named(tuple({name: pairs[key] for name, key in named}.items())[::-1])
        return Named(tuple(pairs.items()), form.startswith("odict"))


def _pairs(
    form: str, leaves: dict[str, Structure], leaf: Callable[[str], Structure]
) -> Iterator[tuple[str, Structure]]:
    """The keys and leaves of a form, in its order."""
    keys = list(leaves)
    if form.endswith("reversed"):
        keys.reverse()
    kept = {"first": keys[:1], "second": keys[1:2], "last": keys[-1:], "not-first": keys[1:]}.get(form, keys)
    absent = {"none-first": keys[:1], "none-second": keys[1:2], "none-last": keys[-1:]}
    without = absent.get(form.removeprefix("list-"), [])
    for key in kept:
        value = ABSENT if key in without else leaves[key]
        if form in ("lists", "two-lists"):
            second = (leaf("second"),) if form == "two-lists" and key == keys[0] else ()
            value = Positional((value, *second))
        yield (f"{key}_typo" if form == "typo" and key == keys[0] else key), value
    if form == "extra":
        yield EXTRA_KEY, leaf(EXTRA_KEY)
