"""What a rule is: a code, a name, its documentation with examples in it, and a check."""

from __future__ import annotations

import ast
import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keraslint.diagnostic import Diagnostic, Fix, KerasClaim, Severity, in_full

if TYPE_CHECKING:
    from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases


@dataclass(frozen=True, slots=True)
class Example:
    """A program that shows a rule: what it finds there on a release, and what the fix makes of it.

    keras: the release, None where it does not matter. finds: whether the rule has a finding.
    fixed: the program after the fix of that ``style``, None where there is none. path: the name of the file.
    """

    title: str
    code: str
    keras: str | None
    finds: bool
    fixed: str | None = None
    path: str = "example.py"
    style: str = "tuple"


class Rule(ABC):
    """One rule. The docstring of the class is its documentation, in Markdown.

    opt_in: it is off by default. partly: by default it finds only what is certain.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    opt_in: ClassVar[bool] = False
    partly: ClassVar[bool] = False
    examples: ClassVar[tuple[Example, ...]] = ()
    measured: ClassVar[tuple[str, ...]] = ()
    """What of the measured table the rule is about (``rules.measured.verdicts``): the documentation says what each
    release did there."""

    @abstractmethod
    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings in one file of a project that admits these releases, with their fixes."""

    def check_in_full(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The same where the rule is selected by its own code: more, where it is ``partly`` on by default."""
        return self.check(document, facts, keras)

    def findings(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases, select: Set[str]
    ) -> Iterator[Diagnostic]:
        """The findings of the rule where ``select``, the chosen codes, has it on."""
        if self.code in select:
            check = self.check_in_full if in_full(self.code) in select else self.check
            yield from check(document, facts, keras)

    @classmethod
    def documentation(cls) -> str:
        """The rule's documentation in Markdown, with its examples."""
        text = [f"# {cls.name} ({cls.code})", inspect.cleandoc(cls.__doc__ or "")]
        if cls.opt_in:
            text.insert(1, "Off by default: select it by its code.")
        if cls.partly:
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

    def diagnostic(
        self,
        document: Document,
        call: CompileCall,
        argument: Argument,
        message: str,
        severity: Severity,
        keras: KerasReleases,
        fixes: tuple[Fix, ...] = (),
        at: ast.Call | None = None,
    ) -> Diagnostic:
        """A finding about an argument of a call; at the call itself where the argument is not written there.

        ``at`` is the call where it is not the compile call.
        """
        place = at if at is not None else call.call
        span = document.span(argument.node if argument.node is not None else place)
        rows = (place.lineno, *range(span.start.row, span.end.row + 1))
        outputs = call.model.outputs
        return Diagnostic(
            self.code,
            self.name,
            severity,
            message,
            document.path,
            span,
            noqa_rows=tuple(dict.fromkeys(rows)),
            outputs=outputs.labels if outputs is not None else None,
            keras=KerasClaim(keras.admitted, keras.pinned, keras.evidence),
            fixes=fixes,
            outputs_place=call.model.place if outputs is not None else None,
        )


def _block(code: str, path: str) -> str:
    language = {"py": "python", "toml": "toml"}.get(path.rpartition(".")[2], "text")
    return f"```{language}\n{code.strip()}\n```"
