"""Base classes of the rules about compile calls and their data: a rule only says what is wrong in one call."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, KerasUse, ModuleFacts, TrainingCall
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.behaviour.structure import Named, Positional
from keraslint.diagnostic import Diagnostic, Fix, KerasClaim, Severity
from keraslint.document import Document
from keraslint.fixes.safe_compile_style import safe_compile_fix
from keraslint.fixes.tuple_style import tuple_fix
from keraslint.limits import poll
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Rule
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.compensation import is_compensated, is_for_sorted_names
from keraslint.rules.shared.drawing import drawn_call
from keraslint.rules.shared.wording import advise, sentence, severity
from keraslint.rules.shared.wrong_uses import WrongUse, chooses_by_version, uses_by_place

Contexts: TypeAlias = tuple[CompileCall, ...]
"""All contexts in which one compile call runs."""

FixMaker: TypeAlias = Callable[[Document, ModuleFacts, Contexts], tuple[Fix, ...]]
"""Makes the fixes of a compile call."""


def no_fixes(_document: Document, _facts: ModuleFacts, _contexts: Contexts) -> tuple[Fix, ...]:
    """No fixes: for what only the author can fix."""
    return ()


def compile_fixes(document: Document, facts: ModuleFacts, contexts: Contexts) -> tuple[Fix, ...]:
    """The fixes for a compile call, given all contexts in which it runs: the default style first."""
    made = tuple_fix(document, facts, contexts)
    return (() if made is None else (made,)) + fixes_by_name(document, facts, contexts)


def fixes_by_name(document: Document, facts: ModuleFacts, contexts: Contexts) -> tuple[Fix, ...]:
    """The fixes of a compile call that need neither the order of the outputs nor a loss for each."""
    made = safe_compile_fix(document, facts, contexts) if contexts[0].module == facts.path else None
    return () if made is None else (made,)


@dataclass(frozen=True, slots=True)
class Finding:
    """An argument that is wrong, in the parts of a message.

    releases: the allowed releases on which it is wrong. verb, what, details: what these do, with a plural verb:
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


Find: TypeAlias = Callable[[CompileCall, "KerasReleases"], Finding | None]
"""Finds what is wrong in a call on releases that are allowed."""


def find_surely(
    facts: ModuleFacts, keras: KerasReleases, contexts: Iterable[CompileCall], find: Find
) -> tuple[CompileCall, Finding] | None:
    """The first call in which something is wrong, with the releases on which that is certain; None without any.

    Where the course of the program depends on the installed version, each context belongs to one course: it counts
    on the releases that take this course, and only if nothing that is not known decides whether they do. A call that an
    exception may keep from running counts only if the same is wrong in each call that is in force instead.
    """
    found: dict[int, tuple[CompileCall, Finding]] = {}
    for call in contexts:
        poll()
        here = within(keras, call.run) if call.run.number not in found else None
        if here is not None and (here is keras or here.versions) and (finding := _find_wrong(call, here, find, facts)):
            found[call.run.number] = call, finding
    if not found:
        return None
    sure = surely_wrong(facts.runs, ((call.run, finding.releases) for call, finding in found.values()))
    for call, finding in found.values():
        left = tuple(release for release in finding.releases if release in sure)
        known = finding if len(left) == len(finding.releases) else find(call, replace(keras, versions=left))
        if left and known is not None:
            alike = [other for _, other in found.values() if _says(other) == _says(known)]
            releases = {*left, *(release for other in alike for release in other.releases if release in sure)}
            return call, replace(known, releases=tuple(sorted(releases)))
    return None


def _find_wrong(call: CompileCall, keras: KerasReleases, find: Find, facts: ModuleFacts) -> Finding | None:
    """The finding in a call, on the releases that the program does not compensate for; None without any."""
    finding = _find_certain(call, keras, find)
    if finding is None or len(facts.runs) == 1:
        return finding
    left = tuple(release for release in finding.releases if not is_compensated(call, release, facts))
    if len(left) == len(finding.releases):
        return finding
    return _find_certain(call, replace(keras, versions=left), find) if left else None


def _find_certain(call: CompileCall, keras: KerasReleases, find: Find) -> Finding | None:
    """The finding in a call, if each call that may be in force instead has one, too; no exception that is expected."""
    finding = find(call, keras)
    if finding is not None and finding.verb == "raise" and _expects(call):
        return None
    others = (find(replace(other, trainings=call.trainings), keras) for other in call.otherwise)
    return finding if finding is not None and all(others) else None


def _expects(call: CompileCall) -> bool:
    """True if the program goes on where the call, or all training after it, raises an exception."""
    return call.expects or (bool(call.trainings) and all(training.expects for training in call.trainings))


def _says(finding: Finding) -> tuple[str, str, str]:
    return finding.verb, finding.what, finding.details


class CallRule(Rule):
    """A rule about compile calls. Of the contexts of a call the first in which something is wrong is reported."""

    def find(self, _call: CompileCall, _keras: KerasReleases, /) -> Finding | None:
        """The finding about a compile call in one context, on releases that the project allows, if there is one."""
        return None

    def contexts(self, contexts: Contexts, facts: ModuleFacts, _keras: KerasReleases, /) -> Iterable[CompileCall]:
        """Those of the contexts of a compile call that the rule looks into: by default all in which it is used.

        Left out are losses that are computed for sorted names, as 3.5.0 and 3.6.0 need them.
        """
        return (one for one in contexts if not one.is_only_read and not is_for_sorted_names(one, facts))

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings about each compile call of a file."""
        for contexts in facts.sites():
            chosen = self.contexts_by_run(contexts, facts, keras)
            found = find_surely(facts, keras, chosen, self.find)
            if found is not None:
                call, finding = found
                yield self.report(document, call, finding, keras, finding.fixes(document, facts, contexts))

    def contexts_by_run(self, contexts: Contexts, facts: ModuleFacts, keras: KerasReleases) -> Iterator[CompileCall]:
        """Those of the contexts of a compile call that the rule looks into, each by what its own run allows."""
        for run in facts.runs:
            own = contexts if len(facts.runs) == 1 else tuple(call for call in contexts if call.run == run)
            if own:
                yield from self.contexts(own, facts, within(keras, run))

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
            drawn=drawn_call(self.draws, call) if self.draws else None,
        )


def _is_validated(training: TrainingCall, place: tuple[int, int]) -> bool:
    """True if the targets or sample weights at a place are validation data."""
    nodes = (training.validation_y.node, training.validation_sample_weight.node)
    return any(node is not None and (node.lineno, node.col_offset) == place for node in nodes)


def _of_validation(finding: Finding) -> Finding:
    """The same finding about validation data, on which nothing is trained."""
    what = finding.what.replace(" to ", " of the validation data to ", 1)
    return replace(finding, what=what, details=finding.details.replace("is trained on", "is validated on"))


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
        for contexts in (*facts.sites(), *facts.sites_elsewhere()):
            fixes: tuple[Fix, ...] | None = None
            for place, trained in self._by_place(contexts, facts, keras).items():
                found = None if place in seen else find_surely(facts, keras, trained, self._find_in_own_data)
                if found is not None:
                    call, finding = found
                    seen.add(place)
                    fixes = finding.fixes(document, facts, contexts) if fixes is None else fixes
                    at = call.trainings[0].call
                    if any(_is_validated(one, place) for one in trained[call].trainings if one.call is at):
                        finding = _of_validation(finding)
                    said = self.report(document, trained[call], finding, keras, fixes, at=at)
                    yield replace(said, drawn=drawn_call(self.draws, call) if self.draws else None)

    def _by_place(
        self, contexts: Contexts, facts: ModuleFacts, keras: KerasReleases
    ) -> dict[tuple[int, int], dict[CompileCall, CompileCall]]:
        """The contexts of a compile call, each by itself, with the data of one argument alone, by its place."""
        places: dict[tuple[int, int], dict[CompileCall, CompileCall]] = {}
        for call in self.contexts_by_run(contexts, facts, keras):
            for alone, argument in self._arguments(call, facts.path):
                at = argument.node or alone.call
                place = (at.lineno, at.col_offset)
                places.setdefault(place, {})[replace(call, trainings=(alone,))] = call
        return places

    def _find_in_own_data(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        (alone,) = call.trainings
        return self.find_in_data(call, self._argument(alone), keras)

    def _argument(self, alone: TrainingCall) -> Argument:
        return alone.y if self.data == "y" else alone.sample_weight

    def _arguments(self, call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, Argument]]:
        """Each training call of a file, as it is with the data of one argument alone, and that argument."""
        for training in call.trainings:
            if training.module == path:
                for alone in training.train_and_validation():
                    argument = self._argument(alone)
                    if isinstance(argument.structure, self.shape):
                        yield alone, argument


class UseRule(Rule, ABC):
    """A rule about single uses of Keras: a call, or an attribute of an optimizer. Each place is reported once.

    It says nothing of programs that may choose between two ways by the installed version, and of uses whose exception
    the program may expect.
    """

    @abstractmethod
    def find_use(self, document: Document, facts: ModuleFacts, use: KerasUse, /) -> WrongUse | None:
        """What is wrong with a use, on the releases on which the call that it names is known to go wrong."""

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings about each place at which all uses are wrong."""
        for uses in uses_by_place(facts):
            found = [(use, None if use.tried else self.find_use(document, facts, use)) for use in uses]
            wrong = [(use.run, one) for use, one in found if one is not None]
            if len(wrong) < len(found) or not wrong:
                continue
            by_run = (
                (run, {*known_bad_call(one.entry).releases()} & {*within(keras, run).versions}) for run, one in wrong
            )
            affected = tuple(sorted(surely_wrong(facts.runs, by_run)))
            if affected and not chooses_by_version(document):
                yield self._diagnostic(document, wrong[0][1], affected, keras)

    def _diagnostic(
        self, document: Document, wrong: WrongUse, affected: tuple[Version, ...], keras: KerasReleases
    ) -> Diagnostic:
        advice = advise(wrong.instead, known_bad_call(wrong.entry).cured(), None)
        span = document.span(wrong.at)
        return Diagnostic(
            self.code,
            self.name,
            severity(keras, affected),
            sentence(keras, affected, wrong.verb, wrong.what, wrong.why, advice),
            document.path,
            span,
            noqa_rows=tuple(range(span.start.row, span.end.row + 1)),
            keras=KerasClaim(keras.admitted, keras.pinned, keras.evidence),
            fixes=wrong.fixes,
        )
