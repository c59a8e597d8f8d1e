"""The base classes of the rules: documentation with examples, hooks for each kind of input, and loops over calls."""

from __future__ import annotations

import ast
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named, Positional
from keraslint.diagnostic import Diagnostic, Fix, KerasClaim, Severity
from keraslint.document import Document
from keraslint.fixes.safe_compile_style import safe_compile_fix
from keraslint.fixes.tuple_style import tuple_fix
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.wording import advise, sentence, severity

if TYPE_CHECKING:
    from keraslint.rules.shared.pin_advice import Surroundings


@dataclass(frozen=True, slots=True)
class Example:
    """A program that shows a rule: the finding in it on a release, and its text after the fix.

    keras: the release, None where it does not matter. finds: True if the rule has a finding.
    fixed: the program after the fix of that ``style``, None where there is none. path: the name of the file.
    """

    title: str
    code: str
    keras: str | None
    finds: bool
    fixed: str | None = None
    path: str = "example.py"
    style: str = "tuple"


def example_model(widths: Mapping[str, int], *, outputs: str = "", prefix: str = "") -> str:
    """The beginning of an example's program: a model with one layer for each width, by the variable that holds it.

    outputs: the expression for the outputs; by default a list of all. prefix: how the names of the layers begin.
    """
    layers = [f'{var} = keras.layers.Dense({width}, name="{prefix}{var}")(inputs)\n' for var, width in widths.items()]
    made = f"model = keras.Model(inputs, {outputs or '[' + ', '.join(widths) + ']'})\n"
    return "".join(["import keras\n\ninputs = keras.Input((8,))\n", *layers, made])


class Rule:
    """One rule. The docstring of the class is its documentation, in Markdown.

    The methods ``check_…`` are its hooks, one for each kind of input: each finds nothing unless a rule defines it.

    opt_in: it is off by default. certain_by_default: it reports what is only likely where it is selected by its own
    code or ALL, and nowhere else. misroutes_silently: Keras trains something else than is meant, without
    an error. needs_callers: a caller in another file may show that nothing is wrong. reads_comments: it has the hook
    ``check_comments``. reads_dependencies: it has the hook ``check_dependencies``. declared: every rule by its code, as
    far as the modules of rules are imported.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    opt_in: ClassVar[bool] = False
    certain_by_default: ClassVar[bool] = False
    misroutes_silently: ClassVar[bool] = False
    needs_callers: ClassVar[bool] = False
    reads_comments: ClassVar[bool] = False
    reads_dependencies: ClassVar[bool] = False
    examples: ClassVar[tuple[Example, ...]] = ()
    measured: ClassVar[tuple[str, ...]] = ()
    """The measured cases that the rule is about (``rules.shared.measured.verdicts``): the documentation says what each
    release did there."""
    triggers: ClassVar[frozenset[Trigger]] = frozenset()
    """The triggers of ``check_calls``: it is called only for files that contain one of these."""
    declared: ClassVar[dict[str, type[Rule]]] = {}

    def __init_subclass__(cls) -> None:
        if "code" in vars(cls):
            cls.reads_comments = cls.check_comments is not Rule.check_comments
            cls.reads_dependencies = cls.check_dependencies is not Rule.check_dependencies
            if cls.check_calls is not Rule.check_calls and not cls.triggers:
                raise TypeError(f"{cls.__name__} declares no triggers, so that its check_calls would never run")
            Rule.declared[cls.code] = cls

    def check_calls(self, _document: Document, _facts: ModuleFacts, _keras: KerasReleases, /) -> Iterable[Diagnostic]:
        """The findings about the calls in one Python file of a project that admits these releases, with their fixes."""
        return ()

    def check_calls_strictly(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases, /
    ) -> Iterable[Diagnostic]:
        """The findings of ``check_calls`` and, where a rule is ``certain_by_default``, those that are only likely."""
        return self.check_calls(document, facts, keras)

    def check_text(self, _path: str, _data: bytes, _error: Exception, /) -> Iterable[Diagnostic]:
        """The findings about a Python file with this content whose decoding or parsing raised an error."""
        return ()

    def check_comments(
        self, _document: Document, _found: Collection[Diagnostic], _enabled: Collection[str], /
    ) -> Iterable[Diagnostic]:
        """The findings about comments in a Python file, given all that the rules with the enabled codes found there."""
        return ()

    def check_dependencies(self, _document: Document, _surroundings: Surroundings, /) -> Iterable[Diagnostic]:
        """The findings about a dependency file, or about the dependencies that a Python file declares."""
        return ()

    @classmethod
    def explanation(cls) -> str:
        """The first part of the rule's documentation: its purpose and reason."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def documentation(cls) -> str:
        """The rule's documentation in Markdown, with its examples."""
        text = [f"# {cls.name} ({cls.code})", cls.explanation()]
        if cls.opt_in:
            text.insert(1, "Off by default: select it by its code.")
        if cls.certain_by_default:
            text.insert(1, "By default only what is certain is found: select the rule by its code for the rest.")
        if cls.measured:
            from keraslint.rules.shared.measured import measured

            text.append(measured(cls.measured))
        for example in cls.examples:
            verdict = "found" if example.finds else "not found"
            where = f"On Keras {example.keras}: {verdict}" if example.keras else verdict.capitalize()
            text.append(f"## {example.title}\n\n{where}.\n\n{_block(example.code, example.path)}")
            if example.fixed is not None:
                text.append(f"After the fix:\n\n{_block(example.fixed, example.path)}")
        return "\n\n".join(text) + "\n"


def _block(code: str, path: str) -> str:
    language = {"py": "python", "toml": "toml"}.get(path.rpartition(".")[2], "text")
    return f"```{language}\n{code.strip()}\n```"


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
    made = safe_compile_fix(document, facts, contexts)
    return () if made is None else (made,)


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
