"""The observations of the interpreter while it runs a program, and the facts made from them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace

from keraslint.analysis.core.bounds import MAX_OBSERVATIONS, OutOfBounds
from keraslint.analysis.core.values import Value
from keraslint.analysis.facts import (
    ONLY_RUN,
    Argument,
    CompileCall,
    KerasUse,
    LayerCall,
    ModelFacts,
    OutputRead,
    Run,
    TrainingCall,
    Unfinished,
)
from keraslint.behaviour.structure import Outputs

ALWAYS = -1
UNSEEN = -1


_LATER = "it is compiled again where it is not seen"


@dataclass(slots=True)
class Compiled:
    """A compile call as it ran, on the models with these numbers.

    path_conditions: the conditions under which it ran, with the answers that were followed.
    in_uncertain_branch: it is also under another condition, on which the model may depend.
    alone: the function, by the identity of its node, that was run with unknown arguments, and within it this call.
    by_class: the model is the first argument of a method that is called on its class.
    otherwise: the compile calls of which one is in force if an exception keeps this one from running, each with the
    first training call that may use it, by number; ALWAYS if it counts whatever is trained.
    expects: it is in a block whose exceptions do not end the program.
    """

    call: ast.Call
    module: str
    models: tuple[int, ...]
    facts: ModelFacts
    arguments: dict[str, Argument]
    values: dict[str, Value] = field(default_factory=dict)
    escapes: bool = False
    safe: bool = False
    replaced: bool = False  # another compile call follows before the model is trained
    path_conditions: tuple[tuple[str, bool], ...] = ()
    in_uncertain_branch: bool = False
    alone: int = 0
    expects: bool = False
    within: bool = False  # the model was called as a layer when another one was compiled
    by_class: bool = False
    otherwise: dict[int, int] = field(default_factory=dict)
    at: int = 0  # a number greater than those of all layers of the models


@dataclass(slots=True)
class Trained:
    """A training call as it ran; ``compiles`` are the compile calls in force, by number."""

    models: tuple[int, ...]
    compiles: tuple[int, ...]
    facts: TrainingCall


@dataclass(slots=True)
class Observations:
    """Everything that was observed in one run.

    later: by model, the compile calls that code out of view may make on it, each with the first training call that
    may come after it, by number; UNSEEN for a call of which the arguments are not seen.
    """

    compiles: list[Compiled] = field(default_factory=list)
    trainings: list[Trained] = field(default_factory=list)
    loss_readers: set[int] = field(default_factory=set)
    reads_unknown_loss: bool = False  # the losses of a model that may be a copy of one of these are read
    trains_copies: bool = False  # a model that may be a copy of one of these is trained on targets that may be a dict
    loss_callers: set[int] = field(default_factory=set)
    inner_losses: set[int] = field(default_factory=set)  # models of which the program may change the compiled loss
    touched: set[Value] = field(
        default_factory=set
    )  # losses and callbacks of Keras that may be other than they were made
    unresolved_trainings: set[tuple[int, int]] = field(default_factory=set)
    called: dict[int, tuple[Outputs, dict[str, Value]]] = field(default_factory=dict)  # dicts that a model gave
    reads: list[OutputRead] = field(default_factory=list)
    later: dict[int, dict[tuple[int, int], None]] = field(default_factory=dict)
    layers: dict[LayerCall, None] = field(default_factory=dict)
    uses: dict[KerasUse, None] = field(default_factory=dict)
    ends: dict[Unfinished, None] = field(default_factory=dict)  # where the checked file is left before its end

    def _bound(self) -> None:
        """Raise OutOfBounds if no more calls and reads are recorded."""
        if max(len(self.compiles), len(self.trainings), len(self.reads)) >= MAX_OBSERVATIONS:
            raise OutOfBounds(f"models are compiled and trained more than {MAX_OBSERVATIONS:,} times")

    def add_compile(self, compiled: Compiled) -> int:
        """Record a compile call; its number."""
        self._bound()
        self.compiles.append(compiled)
        return len(self.compiles) - 1

    def add_training(self, trained: Trained) -> None:
        """Record a training call."""
        self._bound()
        self.trainings.append(trained)

    def add_read(self, read: OutputRead) -> None:
        """Record that an output is read from the result of calling a model."""
        self._bound()
        self.reads.append(read)

    def add_unresolved_training(self, call: ast.Call) -> None:
        """Record that a training call also runs on a value that may not be one of the models in view."""
        self.unresolved_trainings.add((call.lineno, call.col_offset))

    def copied(self) -> Observations:
        """A copy; what is added to one is not added to the other."""
        return Observations(
            [
                replace(compiled, arguments=dict(compiled.arguments), otherwise=dict(compiled.otherwise))
                for compiled in self.compiles
            ],
            list(self.trainings),
            set(self.loss_readers),
            self.reads_unknown_loss,
            self.trains_copies,
            set(self.loss_callers),
            set(self.inner_losses),
            set(self.touched),
            set(self.unresolved_trainings),
            dict(self.called),
            list(self.reads),
            {model: dict(calls) for model, calls in self.later.items()},
            dict(self.layers),
            dict(self.uses),
            dict(self.ends),
        )

    def note_later(self, models: Iterable[int], since: int, number: int) -> None:
        """Record that code out of view may make a compile call on these models at any time."""
        for model in models:
            self.later.setdefault(model, {})[since, number] = None

    def mark(self) -> tuple[int, int]:
        """The current length of the record, for ``forget_since``."""
        return len(self.compiles), len(self.trainings)

    def forget_since(self, mark: tuple[int, int]) -> None:
        """Remove what was recorded since ``mark``, before the same code is run again."""
        del self.compiles[mark[0] :]
        del self.trainings[mark[1] :]

    def mark_escape(self, compiles: tuple[int, ...]) -> None:
        """Record that the model of these compile calls left the view before any training call."""
        for number in compiles:
            self.compiles[number].escapes = True

    def facts(
        self,
        *,
        reads_loss: bool = False,
        safe: bool = False,
        since: int = 0,
        run: Run = ONLY_RUN,
        without: Set[int] = frozenset(),
        until: int | None = None,
        replaced: bool = False,
    ) -> tuple[CompileCall, ...]:
        """The compile calls, from number ``since`` on, with the training calls that belong to them.

        ``safe``: only the calls of safe_compile, else all others.
        ``reads_loss``: the program reads the losses of some model, of which one is not known.
        ``run``: the run of the interpreter in which they were observed.
        ``without``: functions; their compile calls are left out where these ran alone. ``until``: the number up to
        which they are returned. ``replaced``: only the calls without an effect, since another one follows before any
        training, else all others.
        """
        wanted = (
            (number, compiled)
            for number, compiled in enumerate(self.compiles[:until])
            if compiled.safe is safe
            and number >= since
            and compiled.alone not in without
            and self._has_no_effect(compiled) is replaced
        )
        by_compile, by_model = defaultdict[int, list[TrainingCall]](list), defaultdict[int, list[TrainingCall]](list)
        for trained in self.trainings:
            for number in trained.compiles:
                by_compile[number].append(trained.facts)
            for model in () if trained.compiles else trained.models:
                by_model[model].append(trained.facts)
        order = {id(trained.facts): place for place, trained in enumerate(self.trainings)}

        def trainings_of(number: int, compiled: Compiled) -> list[TrainingCall]:
            found = [*by_compile[number], *(one for model in compiled.models for one in by_model[model])]
            return sorted(found, key=lambda one: order[id(one)])

        reads_loss = reads_loss or self.reads_unknown_loss
        facts = (self._perhaps(compiled, trainings_of(number, compiled), run) for number, compiled in wanted)
        return tuple(dict.fromkeys(replace(fact, reads_loss=fact.reads_loss or reads_loss) for fact in facts))

    def _has_no_effect(self, compiled: Compiled) -> bool:
        """True if another compile call follows on the same models, and they are trained only after that."""
        return compiled.replaced and any(set(trained.models) & set(compiled.models) for trained in self.trainings)

    def shared_trainings(self) -> frozenset[tuple[int, int]]:
        """The places of training calls that also train a model which no compile call in view compiles."""
        compiled = {model for compiled in self.compiles for model in compiled.models}
        return frozenset(
            (trained.facts.call.lineno, trained.facts.call.col_offset)
            for trained in self.trainings
            if not compiled.issuperset(trained.models)
        ).union(self.unresolved_trainings)

    def _perhaps(self, compiled: Compiled, trainings: list[TrainingCall], run: Run) -> CompileCall:
        """A compile call with those of which one is in force if it does not run."""
        fact = self._fact(compiled, trainings, run)
        others = [
            self._fact(self.compiles[other], [], run)
            for other, since in compiled.otherwise.items()
            if other < len(self.compiles)
            and (since == ALWAYS or not trainings or any(other in one.compiles for one in self.trainings[since:]))
        ]
        for since, other in {each for model in compiled.models for each in self.later.get(model, ())}:
            if not trainings or any(one.facts in trainings for one in self.trainings[since:]):
                if other == UNSEEN:
                    others.append(replace(fact, model=replace(fact.model, outputs=None, why=_LATER)))
                elif other < len(self.compiles) and self.compiles[other].call is not compiled.call:
                    others.append(self._fact(self.compiles[other], [], run))
        return replace(fact, otherwise=tuple(dict.fromkeys(others))) if others else fact

    def _fact(self, compiled: Compiled, trainings: list[TrainingCall], run: Run) -> CompileCall:
        model = compiled.facts
        if not self.inner_losses.isdisjoint(compiled.models):
            model = replace(model, overrides=model.overrides | {"compute_loss"}, delegates=frozenset())
        return CompileCall(
            compiled.call,
            compiled.module,
            model,
            trainings=tuple(dict.fromkeys(trainings)),
            escapes=compiled.escapes,
            reads_loss=not self.loss_readers.isdisjoint(compiled.models),
            within=compiled.within,
            computes=self.trains_copies or not self.loss_callers.isdisjoint(compiled.models),
            run=run,
            by_class=compiled.by_class,
            expects=compiled.expects,
            loss=compiled.arguments["loss"],
            loss_weights=compiled.arguments["loss_weights"],
            metrics=compiled.arguments["metrics"],
            weighted_metrics=compiled.arguments["weighted_metrics"],
        )
