"""Facts: the models that the code builds, compiles and trains, with their places, whatever the release."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from packaging.version import Version

from keraslint.behaviour.structure import ABSENT, Named, Outputs, Structure


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A place from which on something was not looked at, in words: the row (0: unknown), the reason, and the rest."""

    row: int
    reason: str
    what: str = "not looked at from here on"

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Token:
    """The token of a leaf: a loss, weight or target. Equal where ``identity`` is; the rest is for people and fixes.

    label: as the source calls it. movable: writing it at another place of the call cannot change what the
    program does: a name, attribute, constant, lambda or constructor of a Keras loss, and not None. single: it is
    surely one loss or array, not None, however the source makes it. metric: as a metric, what its log is called, or
    the class or function of keras.metrics that decides it, by its full name; None where that is not known.
    """

    identity: Hashable
    label: str = field(compare=False)
    movable: bool = field(compare=False, default=False)
    metric: str | None = field(compare=False, default=None)
    single: bool = field(compare=False, default=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call.

    structure: what is known of it. node: its expression at the call, None where it is not given or comes in
    through ``**kwargs``. entries: for a dict, each key with the expression that gave its value, wherever that
    stands (the children of ``node`` where the dict is displayed at the call).
    is_produced_by_node: ``node`` is not the argument itself but what makes it, such as a generator of batches.
    optional: it is None on some branch of the program.
    """

    structure: Structure = ABSENT
    node: ast.expr | None = None
    entries: tuple[tuple[str, ast.expr | None], ...] = ()
    is_produced_by_node: bool = False
    optional: bool = False

    @property
    def given(self) -> bool:
        """True if the call has this argument."""
        return self.structure != ABSENT


@dataclass(frozen=True, slots=True)
class Monitor:
    """A callback of Keras, by its class, that watches the log of this name; or a tuner, which compares models by it.

    mode: "auto", "min" or "max"; "path" if the name is a field in the path of a checkpoint; "objective" for a tuner.
    """

    callback: str
    name: str
    mode: str


TRAINING_METHODS = frozenset({"fit", "evaluate", "train_on_batch", "test_on_batch"})
"""The methods of a model that take targets."""


@dataclass(frozen=True, slots=True)
class TrainingCall:
    """A call of fit, evaluate, train_on_batch or test_on_batch; the validation data of fit with it.

    monitors: what its callbacks watch. callbacks: the expression that gave them. reused: the classes of those of Keras'
    callbacks that trained another model before. epochs: their number, None where it is not known. expects: the program
    goes on where the call raises an exception. frozen: the model was surely frozen after it was compiled, and before it
    was trained. built_for_another: its optimizer surely trained another model first, without some of its weights.
    unvalidated: fit is surely given no validation data.
    """

    method: str
    call: ast.Call
    module: str
    y: Argument
    sample_weight: Argument
    validation_y: Argument = field(default_factory=Argument)
    validation_sample_weight: Argument = field(default_factory=Argument)
    monitors: tuple[Monitor, ...] = ()
    callbacks: ast.expr | None = None
    reused: tuple[str, ...] = ()
    epochs: int | None = 1
    expects: bool = False
    frozen: bool = False
    built_for_another: bool = False
    unvalidated: bool = False

    @property
    def data(self) -> tuple[Argument, ...]:
        """Targets and sample weights, those of the validation data after those that are trained on."""
        return (self.y, self.sample_weight, self.validation_y, self.validation_sample_weight)

    @property
    def targets(self) -> tuple[Argument, Argument]:
        """The targets that are trained on, and those of the validation data."""
        return (self.y, self.validation_y)

    @property
    def dicts(self) -> tuple[bool, ...]:
        """For each of ``data``, True if it is a dict."""
        return tuple(isinstance(argument.structure, Named) for argument in self.data)

    def train_and_validation(self) -> tuple[TrainingCall, TrainingCall]:
        """The call with the training data alone, and the call with the validation data alone."""
        pairs = ((self.y, self.sample_weight), (self.validation_y, self.validation_sample_weight))
        first, second = (replace(self, y=y, sample_weight=weights, validation_y=Argument()) for y, weights in pairs)
        return first, second


@dataclass(frozen=True, slots=True)
class Head:
    """The last layers before an output, as far as they decide what its numbers mean.

    units: the size of its last axis, None where it is not known. activations: the functions that are applied to what a
    layer with weights makes, in order; none for logits. node: the expression of the last of them, or else the call
    that makes that layer; module: where it is written.
    """

    units: int | None
    activations: tuple[str, ...] = ()
    node: ast.expr | None = field(default=None, compare=False)
    module: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The model that is compiled.

    outputs: its outputs, None where the source does not show them, for the reason in ``why``. keras: whether it
    is surely a Keras model (a receiver that could not be resolved may be anything). overrides: the methods among
    compile, compute_loss, compute_metrics, train_step and test_step that its class defines itself. nested: its outputs
    are known to be nested, so that no name reaches them on every release. delegates: those of the overrides that
    compute the losses as Keras' own methods do. heads: what makes each output, where all outputs are known.
    own_logs: its class may log more than the metrics that it is compiled with.
    """

    outputs: Outputs | None
    why: str = ""
    keras: bool = True
    kind: str = "functional"
    overrides: frozenset[str] = frozenset()
    legacy: bool = False
    place: tuple[str, int] | None = None
    nested: bool = False
    delegates: frozenset[str] = frozenset()
    heads: tuple[Head | None, ...] = ()
    own_logs: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the interpreter, of several where the program depends on the installed version.

    releases: the Keras releases on which the program may take this course, None for all. doubtful: what was observed
    is not certain on any of them. Two runs with a common release differ in what is not known.
    """

    number: int = 0
    releases: frozenset[Version] | None = None
    doubtful: bool = False

    def is_on(self, release: Version) -> bool:
        """True if the program may take this course on a release."""
        return self.releases is None or release in self.releases


ONLY_RUN = Run()


@dataclass(frozen=True, slots=True)
class Subclassed:
    """A class that has a subclass. names: what the subclass gives otherwise; None if it may be anything."""

    module: str
    name: str
    names: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class CompileCall:
    """A compile call in one context: one call site can have several.

    trainings: the training calls in view on this model. escapes: the model leaves the view before the first of
    them, so others may train it. computes: the program has it compute losses otherwise than by these calls.
    reads_loss: the program reads model.loss or model.loss_weights. within: the model is a layer of another one that is
    compiled, too. run: the run in which it was observed. by_class: the model is the first argument of a method that is
    called on its class: ``keras.Model.compile(model)``. otherwise: the calls of which one is in force if an exception,
    which the program expects, keeps this one from running; none if it surely runs. expects: the program goes on where
    this call, or what it sets up, raises an exception.
    """

    call: ast.Call
    module: str
    model: ModelFacts
    loss: Argument
    loss_weights: Argument
    metrics: Argument
    weighted_metrics: Argument
    trainings: tuple[TrainingCall, ...] = ()
    escapes: bool = False
    reads_loss: bool = False
    computes: bool = False
    within: bool = False
    run: Run = ONLY_RUN
    by_class: bool = False
    expects: bool = False
    otherwise: tuple[CompileCall, ...] = ()

    @property
    def is_only_read(self) -> bool:
        """True if Keras never uses the losses in view, but the program reads them itself, by their names."""
        return self.reads_loss and not self.trainings and not self.escapes


@dataclass(frozen=True, slots=True)
class OutputRead:
    """An output that is read by its key, as ``node``, from what calling a model with these outputs gave."""

    outputs: Outputs
    key: str
    node: ast.Subscript
    module: str
    run: Run = ONLY_RUN


@dataclass(frozen=True, slots=True)
class LayerCall:
    """A call that makes a layer of Keras with an argument that some releases take otherwise than it is meant.

    entry: the name of the entry in the table of what is known to be wrong.
    """

    layer: str
    argument: str
    entry: str
    node: ast.Call
    module: str
    run: Run = ONLY_RUN


@dataclass(frozen=True, slots=True)
class KerasUse:
    """A use of Keras at one place: a call, or an attribute of an optimizer that is read or set.

    It is "applied" where a ready-made network is applied to images that were scaled before; the scale has the place 0.
    It is "split" where two parts of shuffled data are used as if they had nothing in common, and "predicted" where a
    model predicts for shuffled data.

    path: its public name, such as "keras.optimizers.Adam", "keras.Model.save" or "keras.optimizers.Optimizer.lr".
    known: the constants among the arguments, by place or name; what an attribute is set to has the place 0. owner: the
    class of the optimizer, "" if a text names it, and how its learning rate was given: as a "number", "text", "" for
    not at all, or "unseen". tried: an exception that it raises may be expected.
    """

    path: str
    how: Literal["call", "read", "set", "applied", "split", "predicted"]
    node: ast.Call | ast.Attribute
    module: str
    known: tuple[tuple[int | str, Hashable], ...] = ()
    owner: tuple[str, str] = ("", "")
    tried: bool = False
    run: Run = ONLY_RUN


Trained: TypeAlias = tuple[Outputs | None, bool, tuple[bool, ...]]


@dataclass(frozen=True, slots=True)
class RuntimeImport:
    """The module by which a file can import the runtime; ``certain``: wherever the file itself runs."""

    module: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """The facts of one checked file. Calls that run in several contexts occur several times.

    imports_keras: it imports Keras or a package that builds on Keras, itself or by a module of its project.
    shared_trainings: places (row, byte column) of training calls that also train a model which no compile call in
    view compiles. safe_compiles: calls of the runtime's safe_compile, which routes correctly. runtime: the import
    of the runtime, from a copy that the project carries or from keraslint.
    replaced: returns the compile calls that have no effect, since another one on their models follows before any
    training.
    calls_in_parametrised_functions: returns the places of compile calls in functions that take arguments:
    unseen code may call these with other arguments.
    calls_with_unknown_arguments: returns the compile calls as they run with unknown arguments.
    ends: the places from which on the file was not looked at.
    layers: the calls that make a layer with an argument that some releases take otherwise than it is meant.
    uses: the uses of Keras, each as often as it differs.
    runs: all runs of the interpreter. Facts that were observed in several occur once for each.
    has_hidden_compiles: a compile call whose losses may be several is none of ``compiles``: the file shows too little
    of it, or does not reach it.
    judged_alone: the classes of which methods with compile calls ran that nothing in view calls.
    subclassed: the classes of other modules that have subclasses in view.
    pairs_sorted_names: the program pairs the sorted names of outputs with losses, or others, place by place.
    """

    path: str
    compiles: tuple[CompileCall, ...] = ()
    imports_keras: bool = False
    shared_trainings: frozenset[tuple[int, int]] = frozenset()
    safe_compiles: tuple[CompileCall, ...] = ()
    runtime: RuntimeImport | None = None
    reads: tuple[OutputRead, ...] = ()
    calls_in_parametrised_functions: Callable[[], frozenset[tuple[int, int]]] = field(default=frozenset, compare=False)
    calls_with_unknown_arguments: Callable[[], tuple[CompileCall, ...]] = field(default=tuple, compare=False)
    ends: tuple[Unfinished, ...] = ()
    runs: tuple[Run, ...] = (ONLY_RUN,)
    layers: tuple[LayerCall, ...] = ()
    uses: tuple[KerasUse, ...] = ()
    replaced: Callable[[], tuple[CompileCall, ...]] = field(default=tuple, compare=False)
    has_hidden_compiles: bool = False
    judged_alone: frozenset[str] = frozenset()
    subclassed: frozenset[Subclassed] = frozenset()
    pairs_sorted_names: bool = False
    _sites: list[tuple[tuple[CompileCall, ...], ...]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )
    _trained: dict[int, dict[Trained, None]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def trained_by(self, training: ast.Call) -> Collection[Trained]:
        """Each way in which a call trains: the model's outputs, if its class trains otherwise, and the dicts."""
        if not self._trained:
            for compiled in self.compiles:
                for one in compiled.trainings:
                    trained = (compiled.model.outputs, bool(compiled.model.overrides), one.dicts)
                    self._trained.setdefault(id(one.call), {})[trained] = None
        return self._trained.get(id(training), {})

    def elsewhere(self) -> tuple[str, ...]:
        """The other modules with compile or training calls that ran when this file did, or with classes it extends."""
        modules = [m for call in self.compiles for m in (call.module, *(one.module for one in call.trainings))]
        modules += [one.module for one in self.subclassed]
        return tuple(dict.fromkeys(module for module in modules if module != self.path))

    def given_dicts(self) -> frozenset[str]:
        """The other modules with training calls that are given a dict when this file runs."""
        trainings = {one for call in self.compiles for one in call.trainings if any(one.dicts)}
        return frozenset(one.module for one in trainings) - {self.path}

    def sites(self) -> tuple[tuple[CompileCall, ...], ...]:
        """The compile calls of this file in source order, all contexts of one call together."""
        if not self._sites:
            self._sites.append(_sites(self.compiles, self.path))
        return self._sites[0]

    def trainings(self) -> Iterator[tuple[CompileCall, TrainingCall]]:
        """Yield each training call of this file on a model that it compiles, with that compile call."""
        for call in (call for contexts in self.sites() for call in contexts):
            for training in call.trainings:
                if training.module == self.path:
                    yield call, training

    def sites_elsewhere(self) -> tuple[tuple[CompileCall, ...], ...]:
        """The compile calls of other files on models that this file trains, all contexts of one call together."""
        trained = [call for call in self.compiles if any(one.module == self.path for one in call.trainings)]
        others = dict.fromkeys(call.module for call in trained if call.module != self.path)
        return tuple(site for module in others for site in _sites(tuple(trained), module))

    def safe_sites(self) -> tuple[tuple[CompileCall, ...], ...]:
        """The calls of safe_compile in source order, all contexts of one call together."""
        return _sites(self.safe_compiles, self.path)


def _sites(calls: tuple[CompileCall, ...], path: str) -> tuple[tuple[CompileCall, ...], ...]:
    groups: dict[tuple[int, int], list[CompileCall]] = {}
    for compiled in calls:
        if compiled.module == path:
            groups.setdefault((compiled.call.lineno, compiled.call.col_offset), []).append(compiled)
    return tuple(tuple(groups[place]) for place in sorted(groups))
