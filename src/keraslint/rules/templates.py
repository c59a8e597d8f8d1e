"""Base classes of the rules about compile calls and their data: a rule only says what is wrong in one call."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, TrainingCall
from keraslint.behaviour.structure import Named, Positional
from keraslint.diagnostic import Diagnostic, Fix, KerasClaim, Severity
from keraslint.document import Document
from keraslint.limits import poll
from keraslint.rules.base import Rule
from keraslint.rules.shared.advice import advise
from keraslint.rules.shared.wording import sentence, severity

if TYPE_CHECKING:
    from packaging.version import Version

    from keraslint.pins.keras_releases import KerasReleases

Contexts: TypeAlias = tuple[CompileCall, ...]
"""All contexts in which one compile call runs."""

FixMaker: TypeAlias = Callable[[Document, ModuleFacts, Contexts], tuple[Fix, ...]]
"""Makes the fixes of a compile call."""


def no_fixes(_document: Document, _facts: ModuleFacts, _contexts: Contexts) -> tuple[Fix, ...]:
    """No fixes: for what only the author can fix."""
    return ()


@dataclass(frozen=True, slots=True)
class Finding:
    """An argument that is wrong, in the parts of a message.

    releases: the admitted releases on which it is wrong. verb, what, details: what these do, with a plural verb:
    "send", "each loss to another output", "'loss_big' trains 'small'". advice: what to write instead. cure: the first
    release from which on nothing is wrong, which the advice then names, too.
    """

    argument: Argument
    releases: tuple[Version, ...]
    verb: str
    what: str
    details: str
    advice: str
    cure: Version | None = None
    fixes: FixMaker = no_fixes


class CallRule(Rule):
    """A rule about compile calls. Of the contexts of a call the first in which something is wrong is reported."""

    def find(self, _call: CompileCall, _keras: KerasReleases, /) -> Finding | None:
        """The finding about a compile call in one context, on releases that the project admits, if there is one."""
        return None

    def contexts(self, contexts: Contexts, _facts: ModuleFacts, _keras: KerasReleases, /) -> Iterable[CompileCall]:
        """Those of the contexts of a compile call that the rule looks into: by default all of them."""
        return contexts

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings about each compile call of a file."""
        for contexts in facts.sites():
            for call in self.contexts(contexts, facts, keras):
                poll()
                found = self.find(call, keras)
                if found is not None:
                    fixes = found.fixes(document, facts, contexts)
                    yield self.report(document, call, found, keras, fixes)
                    break

    def report(
        self,
        document: Document,
        call: CompileCall,
        found: Finding,
        keras: KerasReleases,
        fixes: tuple[Fix, ...] = (),
        at: ast.Call | None = None,
    ) -> Diagnostic:
        """The diagnostic of a finding, at its argument; ``at``: the call with the argument, if not the compile call."""
        advice = advise(found.advice, found.cure, call)
        message = sentence(keras, found.releases, found.verb, found.what, found.details, advice)
        return self.diagnostic(
            document, call, found.argument, message, severity(keras, found.releases), keras, fixes, at
        )

    def diagnostic(
        self,
        document: Document,
        call: CompileCall,
        argument: Argument,
        message: str,
        level: Severity,
        keras: KerasReleases,
        fixes: tuple[Fix, ...] = (),
        at: ast.Call | None = None,
    ) -> Diagnostic:
        """A diagnostic about an argument of a call; at the call itself if the argument is not written there."""
        place = at if at is not None else call.call
        span = document.span(argument.node if argument.node is not None else place)
        outputs = call.model.outputs
        return Diagnostic(
            self.code,
            self.name,
            level,
            message,
            document.path,
            span,
            noqa_rows=tuple(dict.fromkeys((place.lineno, *range(span.start.row, span.end.row + 1)))),
            outputs=outputs.labels if outputs is not None else None,
            keras=KerasClaim(keras.admitted, keras.pinned, keras.evidence),
            fixes=fixes,
            outputs_place=call.model.place if outputs is not None else None,
        )


class DataRule(CallRule, ABC):
    """A rule about the targets or sample weights that a training call is given, and perhaps about compile calls, too.

    data: which of the two. shape: Named if the rule is about dicts, Positional if about lists and tuples.
    """

    data: ClassVar[str] = "y"
    shape: ClassVar[type[Named | Positional]] = Named

    @abstractmethod
    def find_in_data(self, call: CompileCall, argument: Argument, keras: KerasReleases) -> Finding | None:
        """The finding about this argument, if the model is trained, or validated, on its data alone."""

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings about each compile call and about the data of each training call, once for each place."""
        yield from super().check_calls(document, facts, keras)
        seen: set[tuple[int, int]] = set()
        for contexts in facts.sites():
            fixes: tuple[Fix, ...] | None = None
            for call in self.contexts(contexts, facts, keras):
                poll()
                for training, alone, argument in self._arguments(call, facts.path):
                    assert argument.node is not None
                    place = (argument.node.lineno, argument.node.col_offset)
                    trained = replace(call, trainings=(alone,))
                    found = None if place in seen else self.find_in_data(trained, argument, keras)
                    if found is not None:
                        seen.add(place)
                        fixes = found.fixes(document, facts, contexts) if fixes is None else fixes
                        yield self.report(document, call, found, keras, fixes, at=training.call)

    def _arguments(self, call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, TrainingCall, Argument]]:
        """Each training call of a file, as it is with the data of one argument alone, and that argument."""
        for training in call.trainings:
            if training.module == path:
                for alone in training.train_and_validation():
                    argument = alone.y if self.data == "y" else alone.sample_weight
                    if isinstance(argument.structure, self.shape) and argument.node is not None:
                        yield training, alone, argument
