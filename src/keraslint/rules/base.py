"""The base class of the rules: a code, a name, documentation with examples, and a hook for each kind of input."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keraslint.analysis.prefilter import Trigger

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts, Unfinished
    from keraslint.diagnostic import Diagnostic
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases
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
    an error. needs_callers: a caller in another file may show that nothing is wrong. of_all_callers: it finds what is
    wrong wherever a call runs, so that one caller in another file shows too little. reads_comments: it has the hook
    ``check_comments``; reads_ends, reads_dependencies: ``check_end``, ``check_dependencies``. declared: every rule by
    its code, as far as the modules of rules are imported.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    opt_in: ClassVar[bool] = False
    certain_by_default: ClassVar[bool] = False
    misroutes_silently: ClassVar[bool] = False
    needs_callers: ClassVar[bool] = False
    of_all_callers: ClassVar[bool] = False
    draws: ClassVar[str] = ""
    """The part of a call that the picture of a finding shows: a key of ``picture.PART_NOTES``; "" for no picture."""
    reads_comments: ClassVar[bool] = False
    reads_ends: ClassVar[bool] = False
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
            cls.reads_ends = cls.check_end is not Rule.check_end
            cls.reads_dependencies = cls.check_dependencies is not Rule.check_dependencies
            if cls.check_calls is not Rule.check_calls and not cls.triggers:
                raise TypeError(f"{cls.__name__} declares no triggers, so that its check_calls would never run")
            Rule.declared[cls.code] = cls

    def check_calls(self, _document: Document, _facts: ModuleFacts, _keras: KerasReleases, /) -> Iterable[Diagnostic]:
        """The findings about the calls in one Python file of a project that allows these releases, with their fixes."""
        return ()

    def check_calls_strictly(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases, /
    ) -> Iterable[Diagnostic]:
        """The findings of ``check_calls`` and, where a rule is ``certain_by_default``, those that are only likely."""
        return self.check_calls(document, facts, keras)

    def check_text(self, _path: str, _data: bytes, _error: Exception, /) -> Iterable[Diagnostic]:
        """The findings about a Python file with this content whose decoding or parsing raised an error."""
        return ()

    def check_end(self, _path: str, _ends: Iterable[Unfinished], /) -> Iterable[Diagnostic]:
        """The findings about a Python file that was not looked at from these places on."""
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
