"""For training code: compile by name on every Keras 3, and see which output each loss really reaches.

It needs nothing but Keras, and can be copied into a project as this one file (``keraslint vendor-runtime``).

``safe_compile(model, ...)`` takes the arguments of ``model.compile(...)``. Each loss, weight, metric, target and sample
weight reaches the output that it names; an argument without a certain meaning raises ``AmbiguousRouting``. For plain
Keras see keras-team/keras issues 20596 and 22308: with outputs in a list, 3.5.0 and 3.6.0 match names in sorted order,
and 3.14.0 gives metrics another output's targets.

``loss_routing(model)`` returns which loss, weight and metric reaches which output on the running release, and
``assert_loss_routing(model, expected)`` fails if that is not as expected.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import html
import math
import numbers
import random
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import keras

from keraslint.picture import Arrow, Item, Panel, picture

__all__ = [
    "AmbiguousRouting",
    "LossRouting",
    "OutputRouting",
    "assert_loss_routing",
    "loss_routing",
    "safe_compile",
]


class AmbiguousRouting(ValueError):
    """An argument is not certainly meant for one output; the message says what to write instead."""


def safe_compile(
    model: Any,
    optimizer: Any = "rmsprop",
    loss: Any = None,
    loss_weights: Any = None,
    metrics: Any = None,
    weighted_metrics: Any = None,
    *rest: Any,
    **options: Any,
) -> None:
    """Compile ``model`` so that every named argument reaches the output that it names, on every Keras 3.

    The arguments after ``model`` are those of ``model.compile``, and are passed to it as they are. If the running
    release routes them right, nothing else changes but the order of named targets for outputs in a list. Otherwise a
    saved model loads without losses and has to be compiled again. Raises AmbiguousRouting if names are not names of
    outputs, if a list or tuple for outputs in a dict leaves a doubt, and if outputs are nested or share a name; it
    raises in training if only the targets or the outputs of a subclassed model show that.
    """
    given = _Arguments(*map(_copied, (loss, loss_weights, metrics, weighted_metrics)))
    outputs = _declared_outputs(model)
    if outputs is not None and len(outputs.names) > 1:
        _check(outputs, given)
    earlier_loss, earlier_metrics = _compiled(model)
    arguments = map(_copied, given.all())
    if rest:
        model.compile(optimizer, *arguments, *rest, **options)
    else:  # by name, and only what is given: a class may have its own compile, with arguments in its own order
        named = zip(("loss", "loss_weights", "metrics", "weighted_metrics"), arguments, strict=True)
        model.compile(optimizer, **{name: value for name, value in named if value is not None}, **options)
    if outputs is not None and len(outputs.names) == 1:
        return
    rewrite = outputs is None or not _is_right(outputs, given)
    router = _Router(given, outputs, _own_output_names(model), rewrite)
    compiled_loss, compiled_metrics = _compiled(model)
    if compiled_loss is earlier_loss:
        _check_kept(outputs, compiled_loss, "loss", "loss_weights")
        compiled_loss = None
    if compiled_metrics is earlier_metrics:
        _check_kept(outputs, compiled_metrics, "metrics", "weighted_metrics")
        compiled_metrics = None
    if (loss is not None and compiled_loss is None) or (metrics and compiled_metrics is None):
        raise AmbiguousRouting(
            f"{type(model).__name__}.compile does not pass its losses and metrics to keras.Model.compile, so "
            "safe_compile can't route them: use model.compile and name the outputs in your own training step"
        )
    router.attach(compiled_loss, compiled_metrics)
    if not _survives_loading(outputs, given) and hasattr(model, "_compile_config"):
        model._compile_config = _without_arguments(model._compile_config)


@dataclass(frozen=True)
class OutputRouting:
    """The loss, weight, target and metrics that reach one output; ``loss`` as it was given to compile, else None.

    ``target`` is the key or place of the target that its loss and metrics get: ``"category (loss), price (metrics)"``
    if they get different ones, None if it has neither. ``loss_target`` is the target of the loss alone.
    """

    output: str
    loss: Any
    weight: float | None
    target: str | None
    metrics: tuple[Any, ...]
    weighted_metrics: tuple[Any, ...]
    loss_target: str | None


@dataclass(frozen=True)
class LossRouting:
    """The routing of each output of a model, in the order of the outputs, on one release of Keras.

    A notebook shows it as a picture, with what reaches another output than the one it is meant for in red.
    """

    keras: str
    outputs: tuple[OutputRouting, ...]
    _panels: tuple[Panel, ...] = field(default=(), repr=False, compare=False)

    def __getitem__(self, output: str) -> OutputRouting:
        """The routing of one output. Raises KeyError."""
        found = next((each for each in self.outputs if each.output == output), None)
        if found is None:
            names = ", ".join(repr(each.output) for each in self.outputs)
            raise KeyError(f"{output!r} is not an output of the model: it has {names}")
        return found

    def __str__(self) -> str:
        """A table with a row for each output."""
        rows: list[tuple[str, ...]] = [("output", "loss", "weight", "target", "metrics", "weighted metrics")]
        for each in self.outputs:
            weight = "-" if each.weight is None else f"{each.weight:g}"
            target = "-" if each.target is None else each.target
            kinds = [", ".join(map(_describe, kind)) or "-" for kind in (each.metrics, each.weighted_metrics)]
            rows.append((each.output, _describe(each.loss), weight, target, *kinds))
        columns = [column for column in zip(*rows, strict=True) if any(cell != "-" for cell in column[1:])]
        widths = [max(map(len, column)) for column in columns]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in zip(*columns, strict=True)]
        return "\n".join([f"Keras {self.keras}", *lines])

    def _repr_html_(self) -> str:
        """The picture, and the table below it."""
        drawn = picture(self._panels, "Which loss is applied to which output", beside=True) if self._panels else ""
        return f"{drawn}<pre>{html.escape(str(self))}</pre>"


def loss_routing(model: Any, x: Any = None, y: Any = None) -> LossRouting:
    """Return which loss, weight, target and metric reaches which output of a compiled model on the running release.

    The model is called on ``x``, or on zeros of its inputs' shapes, with losses and metrics that record their
    arguments. Weights, optimizer, metrics and random state stay as they are. ``y`` is a batch of targets, or anything
    of the same structure: Keras may route targets in a dict otherwise than targets in a list. By default the targets
    have the structure of the outputs. Raises ValueError for a model that is not compiled or has no weights yet, and
    any error that Keras raises for the arguments on this release.
    """
    compiled_loss, compiled_metrics = _compiled(model)
    if compiled_loss is None and compiled_metrics is None:
        raise ValueError("the model is not compiled with a loss or metrics: there is nothing to route")
    if not model.built:
        raise ValueError("the model has no weights yet: call it once on a batch, or build it, before loss_routing")
    kept = [(variable, variable.value) for variable in model.variables]  # regularizers ask the scope for them
    with _random_state_kept(), keras.StatelessScope(kept):
        x = _zero_inputs(model) if x is None else x
        outputs = _tagged(model(x, training=False), _declared_outputs(model), _own_output_names(model))
        targets = _Tagged.of(outputs.structure if y is None else y, 1 + len(outputs.names))
        named, losses = _record_losses(model, compiled_loss, x, targets.structure, outputs)
        metrics, weighted = _record_metrics(model, compiled_metrics, x, targets.structure, outputs.structure)
    if any(
        one.output not in outputs.names or one.target not in targets.names for one in (*losses, *metrics, *weighted)
    ):
        raise ValueError(f"{type(model).__name__} changes outputs or targets before its losses and metrics get them")
    rows = []
    for tag, name in outputs.names.items():
        mine = [record for record in losses if record.output == tag]
        by_loss = _met(mine, targets)
        by_metrics = _met([record for record in (*metrics, *weighted) if record.output == tag], targets)
        apart = by_loss and by_metrics and by_loss != by_metrics
        routed_loss = None if not mine else mine[0].what if len(mine) == 1 else tuple(record.what for record in mine)
        rows.append(
            OutputRouting(
                output=name,
                loss=routed_loss,
                weight=mine[0].weight if mine else None,
                target=f"{by_loss} (loss), {by_metrics} (metrics)" if apart else by_loss or by_metrics,
                metrics=tuple(record.what for record in metrics if record.output == tag),
                weighted_metrics=tuple(record.what for record in weighted if record.output == tag),
                loss_target=by_loss,
            )
        )
    drawn = [_drawn("loss", named, outputs, [(record.place, record.output) for record in losses])]
    if y is not None:
        meant = list(zip(targets.names.values(), _meant(targets.structure, outputs), strict=True))
        first = 1 + len(outputs.names)
        drawn.append(_drawn("target", meant, outputs, [(record.target - first, record.output) for record in losses]))
    return LossRouting(keras.__version__, tuple(rows), tuple(panel for panel in drawn if panel.items))


def assert_loss_routing(model: Any, expected: Mapping[str, Any], x: Any = None, y: Any = None) -> LossRouting:
    """Raise AssertionError, with the table, if ``loss_routing(model, x, y)`` is not as expected; else return it.

    ``expected`` maps an output to its loss (a name, function, instance or class of a loss; None for none), or to a
    dict with some of the keys ``loss``, ``weight``, ``target``, ``metrics`` and ``weighted_metrics``. Other outputs are
    not compared. ``target`` is a key of ``y``, or a place in it, as in the table. If ``y`` is a dict, the loss of an
    output must not get the target of another one, unless ``target`` says so. Raises KeyError for a name that is not an
    output, ValueError for another key in the dict of an output.
    """
    __tracebackhide__ = True  # pytest shows the line that calls this, and the message
    routing = loss_routing(model, x, y)
    names = {each.output for each in routing.outputs}
    wrong = []
    for output, wanted in expected.items():
        reached = routing[output]
        aspects = wanted if isinstance(wanted, dict) else {"loss": wanted}
        for aspect, value in aspects.items():
            if aspect not in _ASPECTS:
                raise ValueError(
                    f"{aspect!r} can't be expected of an output ({output!r}): give some of {', '.join(_ASPECTS)}"
                )
            found = getattr(reached, aspect)
            if not _agrees(aspect, value, found):
                what = ", ".join(map(_describe, found)) if isinstance(found, tuple) else _describe(found)
                meant = ", ".join(map(_describe, value)) if isinstance(value, (list, tuple)) else _describe(value)
                wrong.append(f"{output}: expected {aspect} {meant}, but {what} reaches it")
        met = reached.loss_target
        if isinstance(y, Mapping) and "target" not in aspects and met != output and met in names:
            wrong.append(f"{output}: its loss meets the target of {met}")
    if wrong:
        raise AssertionError("\n".join([*wrong, "", str(routing)]))
    return routing


_ASPECTS = ("loss", "weight", "target", "metrics", "weighted_metrics")


# Outputs and arguments


@dataclass(frozen=True)
class _Outputs:
    """The outputs of a model: their names in the order of the model, and their other names."""

    names: tuple[str, ...]
    in_dict: bool
    positions: tuple[str, ...] | None  # the output that each place in a list means; None if uncertain
    aliases: Mapping[str, str] = field(default_factory=dict)  # keys in a dict by names of layers, if they differ
    renamed: bool = False  # a key in a dict is not the name of its layer


@dataclass(frozen=True)
class _Arguments:
    """The arguments of compile."""

    loss: Any
    loss_weights: Any
    metrics: Any
    weighted_metrics: Any

    def all(self) -> tuple[Any, ...]:
        return self.loss, self.loss_weights, self.metrics, self.weighted_metrics


def _copied(value: Any) -> Any:
    """A copy of a list or dict, since Keras until 3.13 changes the dicts that it gets; any other value as it is."""
    return copy.copy(value) if isinstance(value, (list, dict)) else value


def _release() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", keras.__version__)[:3])


def _is_flattening() -> bool:
    """Return True if this release matches by flattening: 3.5.0 and 3.6.0 (keras-team/keras pull request 20015)."""
    return (3, 5) <= _release() < (3, 7)


def _is_looking_up() -> bool:
    """Return True if this release looks names up among all the outputs: until 3.4.1."""
    return _release() < (3, 5)


def _compiled(model: Any) -> tuple[Any, Any]:
    """The objects that hold the losses and the metrics of a compiled model; they have had these names since 3.0.0."""
    return getattr(model, "_compile_loss", None), getattr(model, "_compile_metrics", None)


def _own_output_names(model: Any) -> tuple[str, ...] | None:
    names = getattr(model, "output_names", None)
    return tuple(names) if names and len(set(names)) == len(names) else None


def _declared_outputs(model: Any) -> _Outputs | None:
    """The outputs of a Functional model; None for a model whose outputs are known only when it is called."""
    structure = getattr(model, "_outputs_struct", None)
    if structure is None:
        return None
    if not isinstance(structure, (list, tuple, dict)):
        return _Outputs((model.output_names[0],), False, None)
    items = list(structure.values() if isinstance(structure, dict) else structure)
    if any(isinstance(item, (list, tuple, dict)) for item in items):
        raise AmbiguousRouting(
            "the model's outputs are nested: names can't reach them on every Keras 3; give it a flat dict of outputs"
        )
    own = tuple(model.output_names)
    if isinstance(structure, dict):
        _check_order(structure)
        in_order = tuple(sorted(structure))
        own_by_key = dict(zip(in_order if type(structure) is dict else structure, own, strict=True))
        aliases = {name: key for key, name in own_by_key.items() if name not in structure and own.count(name) == 1}
        positions = in_order if tuple(structure) == in_order else None
        renamed = any(name != key for key, name in own_by_key.items())
        return _Outputs(in_order, True, positions, aliases, renamed)
    if len(set(own)) < len(own):
        raise AmbiguousRouting(
            f"several outputs are named alike ({', '.join(own)}): give each output layer a name of its own"
        )
    return _Outputs(own, False, own)


def _check_order(outputs: Mapping[str, Any]) -> None:
    """Raise AmbiguousRouting for an unsorted OrderedDict from 3.1.0 to 3.7.0, which exchange its values."""
    if isinstance(outputs, OrderedDict) and list(outputs) != sorted(outputs) and (3, 1) <= _release() < (3, 8):
        raise AmbiguousRouting(
            f"Keras {keras.__version__} exchanges the values of outputs in an OrderedDict: return a plain dict"
        )


def _outputs_of(prediction: Any, declared: _Outputs | None, own_names: tuple[str, ...] | None) -> _Outputs | None:
    """The outputs in a prediction; None if there is only one."""
    if not isinstance(prediction, (list, tuple, dict)):
        return None
    items = list(prediction.values() if isinstance(prediction, dict) else prediction)
    if any(isinstance(item, (list, tuple, dict)) for item in items):
        raise AmbiguousRouting("the model returns nested outputs: return a flat dict, so that names can reach them")
    if isinstance(prediction, dict):
        if declared is not None and declared.in_dict and set(declared.names) == set(prediction):
            return declared
        _check_order(prediction)
        in_order = tuple(sorted(prediction))
        return _Outputs(in_order, True, in_order if in_order == tuple(prediction) else None)
    if declared is not None and not declared.in_dict and len(declared.names) == len(items):
        return declared
    names = own_names if own_names and len(own_names) == len(items) else ()
    return _Outputs(names, False, names)


# Arguments by the names of outputs


def _is_one(value: Any) -> bool:
    """Return True if a loss is one loss for all outputs."""
    return isinstance(value, str) or callable(value)


def _by_name(what: str, value: Any, outputs: _Outputs) -> dict[str, Any]:
    """A dict, list or tuple as a dict with the names of outputs as keys, without its None entries.

    Raises AmbiguousRouting.
    """
    names = ", ".join(map(repr, outputs.names))
    if isinstance(value, Mapping):
        known = outputs.names
        if outputs.aliases and not any(key in known for key in value):
            value = {outputs.aliases.get(key, key): item for key, item in value.items()}
        unknown = [key for key in value if key not in known]
        if unknown and what != "y":
            raise AmbiguousRouting(f"{what} names {unknown[0]!r}, which is not an output of the model: it has {names}")
        return {name: value[name] for name in known if name in value and value[name] is not None}
    if outputs.positions is None:
        if len(value) == len(outputs.names) and _are_equal(value):
            return _by_name(what, dict.fromkeys(outputs.names, value[0]), outputs)
        raise AmbiguousRouting(
            f"{what} is a {type(value).__name__}, but the outputs are a dict, and Keras matches places to sorted keys: "
            f"give a dict with the keys {names}"
        )
    if len(value) != len(outputs.positions):
        raise AmbiguousRouting(
            f"{what} has {len(value)} entr{'y' if len(value) == 1 else 'ies'} for {len(outputs.positions)} outputs: "
            f"give a dict with the keys {names}"
        )
    return {name: item for name, item in zip(outputs.positions, value, strict=True) if item is not None}


def _are_equal(values: list[Any] | tuple[Any, ...]) -> bool:
    """Return True if all values are equal, so that their order does not matter."""
    first = values[0]
    items = first if isinstance(first, (list, tuple)) else [first]
    comparable = all(isinstance(item, (str, int, float)) for item in items)
    return all(one is first or (comparable and type(one) is type(first) and one == first) for one in values)


def _shapes_tell(targets: list[Any] | tuple[Any, ...], outputs: list[Any]) -> bool:
    """Return True if each target has the shape of the output at its place, and no other output has that shape."""
    shapes = [_shape(output) for output in outputs]
    return None not in shapes and len(set(shapes)) == len(shapes) and list(map(_shape, targets)) == shapes


def _shape(tensor: Any) -> tuple[int, ...] | None:
    """The sizes of one sample of a batch; None if they are not known. A target may lack a last size of 1."""
    try:
        sizes = tuple(tensor.shape)[1:] or (1,)
    except (AttributeError, TypeError, ValueError):
        return None
    return sizes if all(isinstance(size, int) for size in sizes) else None


def _losses(given: _Arguments, outputs: _Outputs) -> dict[str, Any]:
    """The loss of each output that has one. Raises AmbiguousRouting."""
    loss = _in_one_dict(given.loss)
    if _is_one(loss):
        return dict.fromkeys(outputs.names, loss)
    if not isinstance(loss, (list, tuple, dict)):
        raise AmbiguousRouting(f"loss is a {type(loss).__name__}: give a dict with the names of outputs as keys")
    losses = {}
    for name, one in _by_name("loss", loss, outputs).items():
        if isinstance(one, dict) and list(one) == [name]:
            one = one[name]  # noqa: PLW2901 - [f, {"b": g}]
        if isinstance(one, (list, tuple)) and len(one) == 1:
            one = one[0]  # noqa: PLW2901
        several = isinstance(one, (list, tuple)) and bool(one) and all(map(_is_one, one))
        if not _is_one(one) and not (several and _release() >= (3, 7) and not given.loss_weights):
            raise AmbiguousRouting(f"loss gives {one!r} to {name!r}: give one function, which may add up several")
        losses[name] = one
    if not losses:
        raise AmbiguousRouting("loss gives no output a loss: leave it out to compile without one")
    return losses


def _in_one_dict(loss: Any) -> Any:
    """``[{"a": f}, {"b": g}]``, a dict for each output, as one dict; any other loss as it is."""
    parts = [part for part in loss if part is not None] if isinstance(loss, (list, tuple)) else []
    whole = {name: one for part in parts if isinstance(part, dict) for name, one in part.items()}
    each_names_one = all(isinstance(part, dict) and len(part) == 1 for part in parts)
    return whole if parts and each_names_one and len(whole) == len(parts) else loss


def _weights(given: _Arguments, outputs: _Outputs) -> dict[str, Any]:
    """The weight of each output: 1 if none is given. Raises AmbiguousRouting.

    A number becomes a float, which every release accepts. From 3.7.0 on Keras also accepts variables as weights.
    """
    weights: dict[str, Any] = {}
    if isinstance(given.loss_weights, (list, tuple, dict)):
        weights = _by_name("loss_weights", given.loss_weights, outputs)
    elif given.loss_weights is not None:
        raise AmbiguousRouting("loss_weights is one number for several outputs: give a dict with a weight for each")
    for name, weight in weights.items():
        if isinstance(weight, (list, tuple, dict)) or (not isinstance(weight, numbers.Real) and _release() < (3, 7)):
            raise AmbiguousRouting(f"loss_weights gives {weight!r} to {name!r}: give a float")
    whole = dict.fromkeys(outputs.names, 1.0) | weights
    return {name: float(weight) if isinstance(weight, numbers.Real) else weight for name, weight in whole.items()}


def _metrics(what: str, value: Any, outputs: _Outputs) -> dict[str, list[Any]] | None:
    """The metrics of each output that has any. Raises AmbiguousRouting."""
    if value is None or not isinstance(value, (list, tuple, dict)) or not value:
        return None
    named = _by_name(what, value, outputs)
    return {name: list(some) if isinstance(some, (list, tuple)) else [some] for name, some in named.items()}


def _check(outputs: _Outputs, given: _Arguments) -> None:
    if given.loss is not None:
        _losses(given, outputs)
        _weights(given, outputs)
    _metrics("metrics", given.metrics, outputs)
    _metrics("weighted_metrics", given.weighted_metrics, outputs)


def _check_kept(outputs: _Outputs | None, kept: Any, *names: str) -> None:
    """Raise AmbiguousRouting if Keras, from 3.6.0 on, keeps earlier arguments and does not route them right."""
    if kept is None or hasattr(kept, "_safe_router"):
        return
    nothing = dict.fromkeys(("loss", "loss_weights", "metrics", "weighted_metrics"))
    given = _Arguments(**{**nothing, **{name: getattr(kept, f"_user_{name}") for name in names}})
    if not _survives_loading(outputs, given):
        raise AmbiguousRouting(
            f"the model keeps the {names[0]} of an earlier model.compile: give {names[0]} to safe_compile, too"
        )


def _is_right(outputs: _Outputs, given: _Arguments) -> bool:
    """Return True if this release routes these arguments right by itself, except targets; in doubt False."""
    release = _release()
    if _is_flattening():
        return False
    if outputs.in_dict and ((3, 7) <= release < (3, 8) or (outputs.renamed and release < (3, 12))):
        return False  # 3.7.0: targets in an OrderedDict; until 3.11.3: keys that are not the names of layers
    all_names = set(outputs.names)
    loss, weights = given.loss, given.loss_weights
    if not (loss is None or _is_one(loss) or _is_complete(loss, outputs, _is_one)):
        return False
    if weights is not None and not (
        type(loss) is type(weights) and _is_complete(weights, outputs, lambda weight: isinstance(weight, float))
    ):
        return False
    for some in (given.metrics, given.weighted_metrics):
        if isinstance(some, dict):
            if not (type(some) is dict and set(some) <= all_names):
                return False
            if any(isinstance(metric, tuple) or metric is None for metric in some.values()):
                return False
        elif some and outputs.in_dict:
            return False
    return True


def _is_complete(value: Any, outputs: _Outputs, test: Callable[[Any], bool]) -> bool:
    if type(value) is dict:
        return set(value) == set(outputs.names) and all(map(test, value.values()))
    in_list = type(value) in (list, tuple) and not outputs.in_dict
    return in_list and len(value) == len(outputs.names) and all(map(test, value))


def _survives_loading(outputs: _Outputs | None, given: _Arguments) -> bool:
    """Return True if a plain compile of a loaded model routes these arguments right, with targets in any container."""
    if outputs is None:
        positional = all(not isinstance(value, dict) for value in given.all())
        return positional and given.loss_weights is None and _release() >= (3, 7)
    if _release()[:3] == (3, 14, 0) and not outputs.in_dict and (given.metrics or given.weighted_metrics):
        return False
    return _is_right(outputs, given)


def _without_arguments(config: Any) -> Any:
    """The compile config of a saved model that has to be compiled again: empty, except for the needs of .h5 files."""
    kept = type(config)(loss=None, loss_weights=None, metrics=None, weighted_metrics=None)
    kept.serialize = dict
    return kept


# Routing in training


def _as_fed(by_name: dict[str, Any] | None, fed: Iterable[str]) -> Any:
    """The container that losses are built on and called with: a dict until 3.4.1, then a list in log order."""
    return by_name if by_name is None or _is_looking_up() else [by_name[name] for name in fed]


@dataclass(frozen=True)
class _Router:
    """Replaces the methods that call the losses and metrics of a compiled model, and passes all arguments by name.

    Metrics built only on dicts (plain, sorted, with the same keys everywhere) are right on every release, for any
    container of outputs. So are losses until 3.4.1; from 3.5.0 on those built only on lists, of the outputs with a
    loss, are right. They get these containers where a release would be wrong otherwise.
    """

    given: _Arguments
    declared: _Outputs | None
    own_names: tuple[str, ...] | None
    rewrite: bool

    def attach(self, compiled_loss: Any, compiled_metrics: Any) -> None:
        if compiled_loss is not None:
            compiled_loss.call = functools.partial(self.call_loss, compiled_loss, compiled_loss.call)
            compiled_loss._safe_router = self
        if compiled_metrics is not None:
            update = compiled_metrics.update_state
            compiled_metrics.update_state = functools.partial(self.update_metrics, compiled_metrics, update)
            compiled_metrics._safe_router = self

    def call_loss(self, compiled: Any, call: Callable[..., Any], y_true: Any, y_pred: Any, weight: Any = None) -> Any:
        outputs = _outputs_of(y_pred, self.declared, self.own_names)
        if outputs is None or y_true is None:
            return call(y_true, y_pred, weight)
        if not outputs.names:
            self._check_unnamed(y_true, weight)
            if not compiled.built and _is_one(self.given.loss):
                compiled._user_loss = [self.given.loss] * len(y_pred)
            return call(y_true, y_pred, weight)
        if self.declared is None:
            _check(outputs, self.given)  # JAX sorts the keys of a dict before metrics see it, but not before losses
        losses = _losses(self.given, outputs)
        if not self.rewrite:
            return call(*self._in_order(outputs, y_true, y_pred, weight, set(losses)))
        weights = _weights(self.given, outputs)
        fed = outputs.names if _is_looking_up() else self._order_of_losses(y_pred, outputs, losses)
        if not compiled.built:
            weighted = {name: weights[name] for name in sorted(losses)} if self.given.loss_weights else None
            compiled._user_loss = _as_fed({name: losses[name] for name in sorted(losses)}, fed)
            compiled._user_loss_weights = _as_fed(weighted, fed)
            compiled.output_names = list(fed)
        by_name = self._by_name(outputs, y_true, y_pred, weight, fed, set(losses))
        return call(*(_as_fed(some, fed) for some in by_name))

    def _order_of_losses(self, y_pred: Any, outputs: _Outputs, losses: Mapping[str, Any]) -> list[str]:
        """The order in which plain Keras of this release logs the losses and ``evaluate`` returns them."""
        if not isinstance(y_pred, dict):
            return [name for name in outputs.names if name in losses]
        if _is_flattening() or not isinstance(self.given.loss, dict):
            return sorted(losses)
        in_order = (key if key in losses else outputs.aliases.get(key, key) for key in self.given.loss)
        return [name for name in in_order if name in losses]

    def update_metrics(
        self, compiled: Any, update: Callable[..., Any], y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> Any:
        outputs = _outputs_of(y_pred, self.declared, self.own_names)
        if outputs is None or y_true is None:
            return update(y_true, y_pred, sample_weight)
        if not outputs.names:
            self._check_unnamed(y_true, sample_weight)
            return update(y_true, y_pred, sample_weight)
        if self.declared is None and self.given.loss is None:
            outputs = replace(outputs, positions=None if outputs.in_dict else outputs.positions)
        metrics = _metrics("metrics", self.given.metrics, outputs)
        weighted = _metrics("weighted_metrics", self.given.weighted_metrics, outputs)
        needed = {*(metrics or ()), *(weighted or ())}
        if not self.rewrite:
            return update(*self._in_order(outputs, y_true, y_pred, sample_weight, needed))
        if not compiled.built:
            compiled._user_metrics, compiled._user_weighted_metrics = metrics, weighted
            compiled.output_names = list(outputs.names)
        return update(*self._by_name(outputs, y_true, y_pred, sample_weight, outputs.names, needed))

    def _check_unnamed(self, y_true: Any, sample_weight: Any) -> None:
        """Raise AmbiguousRouting if an argument names outputs that have no names."""
        given = replace(self.given, loss=_in_one_dict(self.given.loss))
        named = dict(zip(("loss", "loss_weights", "metrics", "weighted_metrics"), given.all(), strict=True))
        named |= {"y": y_true, "sample_weight": sample_weight}
        for what, value in named.items():
            if isinstance(value, dict):
                raise AmbiguousRouting(
                    f"{what} is a dict, but the model returns a list or tuple without names: return a dict of outputs, "
                    f"or give {what} as a list in the order of the outputs"
                )
        loss = self.given.loss
        if isinstance(loss, (list, tuple)) and any(one is None for one in loss) and _release() < (3, 7):
            raise AmbiguousRouting(
                f"Keras {keras.__version__} routes losses in a list with a None to other outputs: return a dict "
                "of outputs and name their losses"
            )
        if not isinstance(y_true, (list, tuple)):
            raise AmbiguousRouting("there is one target for several outputs: give a list of targets")

    def _targets(self, outputs: _Outputs, y_true: Any, y_pred: Any, needed: set[str]) -> dict[str, Any]:
        if isinstance(y_true, (list, tuple)) and type(y_pred) is dict:
            in_order = sorted(y_pred)  # as Keras matches places to keys, after loading, too
            if _shapes_tell(y_true, [y_pred[name] for name in in_order]):
                y_true = dict(zip(in_order, y_true, strict=True))
        if isinstance(y_true, (list, tuple, dict)):
            targets = _by_name("y", y_true, outputs)
        else:
            only = list(_losses(self.given, outputs)) if self.given.loss is not None else []
            if len(only) != 1:
                raise AmbiguousRouting(
                    f"there is one target for {len(outputs.names)} outputs: give a dict with the keys "
                    + ", ".join(map(repr, outputs.names))
                )
            targets = {only[0]: y_true}
        missing = sorted(needed - set(targets))
        if missing:
            raise AmbiguousRouting(f"y has no target for {missing[0]!r}, which has a loss or metric: add one")
        return targets

    def _sample_weights(self, outputs: _Outputs, weight: Any) -> dict[str, Any]:
        if isinstance(weight, (list, tuple, dict)):
            return _by_name("sample_weight", weight, outputs)
        return dict.fromkeys(outputs.names, weight)

    def _by_name(
        self, outputs: _Outputs, y_true: Any, y_pred: Any, weight: Any, fed: Iterable[str], needed: set[str]
    ) -> tuple[Any, Any, Any]:
        """Targets, outputs and weights as plain dicts for the outputs ``fed``; an output replaces a missing target."""
        targets = self._targets(outputs, y_true, y_pred, needed)
        values = y_pred if isinstance(y_pred, dict) else dict(zip(outputs.names, y_pred, strict=True))
        names = sorted(fed)
        weights = None
        if weight is not None:
            by_name = self._sample_weights(outputs, weight)
            weights = {name: by_name.get(name) for name in names}
        return (
            {name: targets.get(name, values[name]) for name in names},
            {name: values[name] for name in names},
            weights,
        )

    def _in_order(
        self, outputs: _Outputs, y_true: Any, y_pred: Any, weight: Any, needed: set[str]
    ) -> tuple[Any, Any, Any]:
        """Targets, outputs and weights in the structure of the outputs; a list for outputs in a list stays as it is."""
        if isinstance(y_pred, dict):
            by_name = self._by_name(outputs, y_true, y_pred, weight, outputs.names, needed)
            return by_name[0], y_pred, by_name[2]
        if isinstance(y_true, dict) or not isinstance(y_true, (list, tuple)):
            targets = self._targets(outputs, y_true, y_pred, needed)
            pairs = zip(outputs.names, y_pred, strict=True)
            y_true = type(y_pred)([targets.get(name, value) for name, value in pairs])
        if isinstance(weight, dict):
            weights = self._sample_weights(outputs, weight)
            weight = type(y_pred)([weights.get(name) for name in outputs.names])
        return y_true, y_pred, weight


# Recording


@dataclass(frozen=True)
class _Tagged:
    """A structure whose leaves are tensors filled with one number each, and the name behind each number."""

    structure: Any
    names: dict[int, str]

    @classmethod
    def of(cls, structure: Any, first: int, names: Iterable[str] = ()) -> _Tagged:
        given = iter(names)
        tags: dict[int, str] = {}

        def tag(path: str, leaf: Any) -> Any:
            number = first + len(tags)
            tags[number] = next(given, path)
            shape = tuple(getattr(leaf, "shape", None) or (1, 1))
            return keras.ops.full(shape, float(number), dtype="float32")

        return cls(_map(tag, structure), tags)


@dataclass(frozen=True)
class _Record:
    what: Any
    output: int
    target: int
    weight: float | None = None
    place: int = 0  # among the losses


_FOR_ALL = "every output"


def _meant(structure: Any, outputs: _Tagged) -> list[str]:
    """For each leaf the output that it is meant for; "" where that is not certain."""
    names = tuple(outputs.names.values())
    if isinstance(structure, dict):
        parts = [(key if key in names else "", item) for key, item in structure.items()]
    elif isinstance(structure, (list, tuple)):
        certain = not isinstance(outputs.structure, dict) and len(structure) == len(names)
        parts = [(names[place] if certain else "", item) for place, item in enumerate(structure)]
    else:
        parts = [(_FOR_ALL, structure)]
    return [name for name, item in parts for _ in range(_size(item))]


def _size(structure: Any) -> int:
    """The number of leaves."""
    if isinstance(structure, (dict, list, tuple)):
        return sum(map(_size, structure.values() if isinstance(structure, dict) else structure))
    return 1


def _drawn(part: str, named: list[tuple[str, str]], outputs: _Tagged, met: Iterable[tuple[int, int]]) -> Panel:
    """The panel of what is named for outputs, by text and output, and of what each output met, by place and tag."""
    items = tuple(Item(text, "" if meant == _FOR_ALL else meant) for text, meant in named)
    for_all = {place for place, (_, meant) in enumerate(named) if meant == _FOR_ALL}
    names = tuple(outputs.names.values())
    tags = list(outputs.names)
    arrows = []
    for place, tag in dict.fromkeys(met):
        meant = items[place].meant
        right = True if place in for_all else meant == outputs.names[tag] if meant else None
        arrows.append(Arrow(place, tags.index(tag), right))
    return Panel(f"Keras {keras.__version__}", part, items, names, tuple(arrows))


def _met(records: Iterable[_Record], targets: _Tagged) -> str | None:
    """The names of the targets that some losses or metrics of one output get, joined by "and"; None without any."""
    return " and ".join(dict.fromkeys(targets.names[record.target] for record in records)) or None


def _map(function: Callable[[str, Any], Any], structure: Any, path: str = "") -> Any:
    """The structure with ``function(path, leaf)`` in place of every leaf."""
    if isinstance(structure, dict):
        mapped = {key: _map(function, item, f"{path}{key}") for key, item in structure.items()}
        return OrderedDict(mapped) if isinstance(structure, OrderedDict) else mapped
    if isinstance(structure, (list, tuple)):
        items = [_map(function, item, f"{path}{place}") for place, item in enumerate(structure)]
        return items if isinstance(structure, list) else tuple(items)
    return function(path, structure)


def _zero_inputs(model: Any) -> Any:
    def zeros(shape: Iterable[int | None], dtype: Any) -> Any:
        batch, *sizes = shape
        return keras.ops.zeros([batch or 1, *(size or 32 for size in sizes)], dtype=dtype)

    structure = getattr(model, "_inputs_struct", None)
    if structure is None and getattr(model, "inputs", None):
        structure = model.inputs[0] if len(model.inputs) == 1 else model.inputs
    if structure is not None:
        return _map(lambda _path, leaf: zeros(leaf.shape, leaf.dtype), structure)
    shape = (model.get_build_config() or {}).get("input_shape")
    if not isinstance(shape, (list, tuple)) or not shape or isinstance(shape[0], (list, tuple)):
        raise ValueError("the shapes of the model's inputs are not known: pass a batch as x")
    return zeros(shape, "float32")


def _tagged(prediction: Any, declared: _Outputs | None, own_names: tuple[str, ...] | None) -> _Tagged:
    if isinstance(prediction, dict):
        _check_order(prediction)
        return _Tagged.of(prediction, 1)
    names = declared.names if declared is not None and not declared.in_dict else own_names or ("output",)
    several = isinstance(prediction, (list, tuple))
    return _Tagged.of(prediction, 1, names if len(names) == (len(prediction) if several else 1) else ())


def _number(tensor: Any) -> int:
    return round(float(keras.ops.convert_to_numpy(tensor).reshape(-1)[0]))


def _twin_of(compiled: Any, arguments: Iterable[Any]) -> Any:
    """An unbuilt copy of the object that holds losses or metrics, with other arguments."""
    return type(compiled)(*arguments, output_names=compiled.output_names)


def _record_losses(
    model: Any, compiled: Any, x: Any, y: Any, outputs: _Tagged
) -> tuple[list[tuple[str, str]], list[_Record]]:
    """The losses that were given, each with the output that it is meant for, and what they were applied to."""
    if compiled is None:
        return [], []
    y_pred = outputs.structure
    leaves: list[str | None] = []
    values: dict[int, float] = {}
    seen: dict[int, _Record] = {}

    def recorder(_path: str, leaf: Any) -> Any:
        leaves.append(None if leaf is None else _describe(leaf))
        if leaf is None:
            return None
        place = len(values)
        values[place] = 0.0

        def record(y_true: Any, y_pred: Any) -> Any:
            output = _number(y_pred)
            seen[output * 1000 + place] = _Record(leaf, output, _number(y_true), place=place)
            return keras.ops.ones((y_pred.shape[0],), dtype="float32") * scale(place, output)

        record.__name__ = _describe(leaf)
        return record

    chosen: list[tuple[int, int] | None] = [None]

    def scale(place: int, output: int) -> float:
        return 1.0 if chosen[0] == (place, output) else 0.0

    router = getattr(compiled, "_safe_router", None)
    given = router.given if router else _Arguments(compiled._user_loss, compiled._user_loss_weights, None, None)
    recording = replace(given, loss=_map(recorder, given.loss))
    twin = _twin_of(compiled, (recording.loss, _copied(given.loss_weights)))
    if router:
        replace(router, given=recording).attach(twin, None)

    totals: list[Any] = []
    call = twin.call

    def note(*arguments: Any) -> Any:
        totals.append(call(*arguments))
        return totals[-1]

    twin.call = note

    def total() -> float:
        """The sum of the losses, without those of layers, which may be far larger."""
        totals.clear()
        model.compute_loss(x, y, y_pred, None)
        value = sum(float(keras.ops.convert_to_numpy(some)) for some in totals if some is not None)
        return float(f"{value:.6g}")  # a float32 holds no more

    with _replaced(model, "_compile_loss", twin):
        total()
        found = dict(seen)
        weights = {}
        for key, record in found.items():
            chosen[0] = (key - record.output * 1000, record.output)
            weights[key] = total()
    named = [(text, name) for text, name in zip(leaves, _meant(given.loss, outputs), strict=True) if text is not None]
    return named, [replace(record, weight=weights[key]) for key, record in found.items()]


def _record_metrics(model: Any, compiled: Any, x: Any, y: Any, y_pred: Any) -> tuple[list[_Record], list[_Record]]:
    if compiled is None:
        return [], []
    found: tuple[list[_Record], list[_Record]] = ([], [])

    def recorder(records: list[_Record]) -> Callable[[str, Any], Any]:
        return lambda _path, leaf: None if leaf is None else _RecordingMetric(leaf, records)

    router = getattr(compiled, "_safe_router", None)
    given = router.given if router else _Arguments(None, None, compiled._user_metrics, compiled._user_weighted_metrics)
    recording = replace(
        given,
        metrics=_map(recorder(found[0]), given.metrics),
        weighted_metrics=_map(recorder(found[1]), given.weighted_metrics),
    )
    twin = _twin_of(compiled, (recording.metrics, recording.weighted_metrics))
    if router:
        replace(router, given=recording).attach(None, twin)
    with _replaced(model, "_compile_metrics", twin):
        model.compute_metrics(x, y, y_pred, None)
    return found


class _RecordingMetric(keras.metrics.Metric):
    """Records the arguments of its updates."""

    def __init__(self, what: Any, records: list[_Record]) -> None:
        super().__init__(name=_describe(what))
        self.what, self.note = what, records.append

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ARG002 - Keras' own
        self.note(_Record(self.what, _number(y_pred), _number(y_true)))

    def result(self) -> Any:
        return keras.ops.zeros(())


@contextlib.contextmanager
def _random_state_kept() -> Iterator[None]:
    """Restore the random states of Python and NumPy, which layers may use; the stateless scope keeps that of Keras."""
    import numpy as np  # Keras depends on it

    of_python, of_numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)


class _replaced:  # noqa: N801 - a context manager, used like a function
    """Sets an attribute of a model for a while, without Keras' tracking of attributes."""

    def __init__(self, model: Any, name: str, value: Any) -> None:
        self.model, self.name, self.value = model, name, value

    def __enter__(self) -> None:
        self.before = getattr(self.model, self.name)
        object.__setattr__(self.model, self.name, self.value)

    def __exit__(self, *_: object) -> None:
        object.__setattr__(self.model, self.name, self.before)


def _describe(what: Any) -> str:
    """A loss, a metric or an expected value, in a word."""
    if what is None:
        return "-"
    if isinstance(what, (str, int, float)):
        return str(what)
    if isinstance(what, tuple):
        return " + ".join(map(_describe, what))
    return str(getattr(what, "__name__", None) or getattr(what, "name", None) or type(what).__name__)


def _agrees(aspect: str, expected: Any, found: Any) -> bool:
    if aspect in {"metrics", "weighted_metrics"}:
        wanted = [] if expected is None else expected if isinstance(expected, (list, tuple)) else [expected]
        return len(wanted) == len(found) and all(map(_same, wanted, found, [keras.metrics.get] * len(found)))
    if aspect == "loss":
        wanted = expected if isinstance(expected, (list, tuple)) else [expected]
        several = found if isinstance(found, tuple) else (found,)
        return len(wanted) == len(several) and all(map(_same, wanted, several, [keras.losses.get] * len(several)))
    if aspect == "weight" and expected is not None and found is not None:
        return math.isclose(expected, found, rel_tol=1e-3)
    return bool(expected == found)


def _same(expected: Any, found: Any, get: Callable[[Any], Any]) -> bool:
    """Return True if a loss or metric is the expected one: the same, of equal name or settings, or of the class."""
    expected, found = (_SHORT.get(each, each) if isinstance(each, str) else each for each in (expected, found))
    if expected is found or expected == found:
        return True
    if expected is None or found is None:
        return False
    if isinstance(expected, type):
        return isinstance(found, expected) or getattr(_default(expected), "fn", None) is _resolved(found, get)
    if hasattr(expected, "get_config"):
        other = get(found) if isinstance(found, str) else found
        if not hasattr(other, "get_config"):  # a function: the loss of a class as it is without arguments
            other = _default(type(expected)) if getattr(expected, "fn", None) is other else None
        return type(expected) is type(other) and _settings(expected) == _settings(other)
    if _resolved(expected, get) is _resolved(found, get):
        return True
    return isinstance(expected, str) and expected in {_describe(found), type(found).__name__}


_SHORT = {"acc": "accuracy", "ce": "crossentropy"}  # for these Keras chooses a function by the shapes


def _settings(what: Any) -> dict[str, Any]:
    """The settings of a loss or metric: its configuration, and the plain values of its attributes."""
    plain = (bool, int, float, str, type(None), type(_default))
    held = {key: value for key, value in vars(what).items() if isinstance(value, plain) and not key.startswith("_")}
    with contextlib.suppress(NotImplementedError):
        held |= what.get_config()
    arguments = getattr(what, "_fn_kwargs", None)  # such as the delta of Huber, which is not in its configuration
    return {**{key: value for key, value in held.items() if key not in {"name", "built"}}, "arguments": arguments}


def _default(kind: type) -> Any:
    """An instance of a class of losses, for the function that it wraps; None if its constructor needs arguments."""
    try:
        return kind()
    except TypeError:
        return None


def _resolved(what: Any, get: Callable[[Any], Any]) -> Any:
    if isinstance(what, str):
        try:
            what = get(what)
        except (ValueError, TypeError):
            return what
    return getattr(what, "fn", what) if not hasattr(what, "_variables") else what
