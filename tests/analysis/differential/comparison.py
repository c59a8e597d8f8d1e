"""What the interpreter says of the compile calls of a program, against what was recorded of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keraslint.analysis import analyze
from keraslint.analysis.facts import Argument, CompileCall, Token
from keraslint.analysis.keras.names import loss_name
from keraslint.analysis.modules import Project
from keraslint.behaviour.structure import Absent, Leaf, Named, Outputs, Positional, Structure, Unseen
from keraslint.document import Document

FOLDER = Path("/program")

SECONDS = 1.0
"""Of CPU time for the analysis of one program; those that are run take some hundredths."""

Place = tuple[str, int]
"""A file of the program, and a row in it."""


@dataclass(frozen=True)
class Disagreement:
    """Something that is said of a compile call and did not happen, or that happened although something else is said.

    wrong: what of it is wrong: "outputs", "loss", "loss_weights", several of them, or "no such call".
    """

    wrong: str
    place: Place
    said: str
    happened: str


@dataclass
class Files(Project):
    """The modules of a program that is held in memory."""

    texts: Mapping[str, str] | None = None

    def find(self, start: Path, name: str) -> Path | None:
        """The file of a module; None where the program has none of that name."""
        return FOLDER / f"{name}.py" if f"{name}.py" in (self.texts or {}) else None

    def document(self, path: Path) -> Document | None:
        """The file as a document that parses, else None."""
        document = Document(str(path), (self.texts or {}).get(path.name, ""))
        try:
            document.tree  # noqa: B018
        except (SyntaxError, ValueError):
            return None
        return document


def compare(files: Mapping[str, str], reports: list[dict[str, Any]], *, strict: bool = False) -> list[Disagreement]:
    """The disagreements about a program, of which these reports were recorded, one for each mode.

    A call is recorded that is not said: a disagreement. ``strict``: so is one that is said and not recorded, though
    the place was reached and nothing out of view decides anything. The interpreter follows both answers of a condition
    that it can't decide; one of them never happens.
    """
    facts = analyze(Document(str(FOLDER / "main.py"), files["main.py"]), Files(texts=files), _stopwatch())
    said: dict[Place, list[CompileCall]] = {}
    for call in facts.compiles:
        said.setdefault((Path(call.module).name, call.call.lineno), []).append(call)
    happened: dict[Place, list[dict[str, Any]]] = {}
    for report in reports:
        for record in report["records"]:
            happened.setdefault((record["place"][0], record["place"][1]), []).append(record)
    alone = len(reports) == 1 and reports[0]["end"] == "ok"
    strict = strict and alone
    never = [_never_run(place, said[place]) for place in said.keys() - happened.keys() if alone and happened]
    return [*(one for one in never if one is not None), *_in_each_place(said, happened, strict=strict)]


def _in_each_place(
    said: Mapping[Place, list[CompileCall]], happened: Mapping[Place, list[dict[str, Any]]], *, strict: bool
) -> list[Disagreement]:
    return [
        one
        for place, records in happened.items()
        if place in said
        for one in _at_place(place, said[place], records, strict=strict)
    ]


def _never_run(place: Place, calls: list[CompileCall]) -> Disagreement | None:
    """The disagreement about a call that never ran, if it is said that a model is surely trained with its losses."""
    certain = [call for call in calls if call.trainings and not call.otherwise and place[0] == "main.py"]
    return Disagreement("never runs", place, _all_said(certain), "nothing") if certain else None


class TooSlow(Exception):
    """The analysis of a program takes longer than SECONDS."""


def _stopwatch() -> Callable[[], None]:
    """A function that raises TooSlow when it is called too late."""
    end = time.process_time() + SECONDS

    def check() -> None:
        if time.process_time() > end:
            raise TooSlow

    return check


def _at_place(
    place: Place, calls: list[CompileCall], records: list[dict[str, Any]], *, strict: bool
) -> Iterator[Disagreement]:
    for record in records:
        wrong = [_wrong(call, record) for call in calls]
        if all(wrong):
            yield Disagreement(min(wrong, key=len), place, _all_said(calls), _describe_record(record))
            return
    if strict:
        for call in calls:
            if all(_wrong(call, record) for record in records):
                happened = "; ".join(dict.fromkeys(map(_describe_record, records)))
                yield Disagreement("no such call", place, _describe_call(call), happened)
                return


def _wrong(call: CompileCall, record: dict[str, Any]) -> str:
    """The parts of the call that are said to be something else than what was recorded; empty where none is."""
    found = []
    if not _outputs_match(call.model.outputs, record["outputs"]):
        found.append("outputs")
    for name, argument in (("loss", call.loss), ("loss_weights", call.loss_weights)):
        # Of a model that is not known no training is known: what it finds changed is not said either.
        values = record[name][:1] if call.model.outputs is None else record[name]
        if not all(_argument_matches(argument, value) for value in values):
            found.append(name)
    return ", ".join(found)


def _outputs_match(said: Outputs | None, real: dict[str, Any]) -> bool:
    if said is None:
        return True
    if said.container != real["kind"] or len(said.names) != len(real["items"]):
        return False
    if said.keys:
        names = dict(zip(said.keys, said.names, strict=True))
        pairs = dict(map(tuple, real["items"]))
        ordered = said.container == "odict"
        same_keys = list(names) == list(pairs) if ordered else names.keys() == pairs.keys()
        return same_keys and all(name in (None, key, pairs[key]) for key, name in names.items())
    return all(name in (None, real_name) for name, (_, real_name) in zip(said.names, real["items"], strict=True))


def _argument_matches(said: Argument, real: object) -> bool:
    if (said.optional and real is None) or _matches(said.structure, real):
        return True
    # Without entries it stands for several dicts that are routed alike, the first of which is given.
    return isinstance(said.structure, Named) and not said.entries and _routed_alike(said.structure, real)


def _routed_alike(said: Named, real: Any) -> bool:
    """True if a dict has the keys that are said, with equal values at the same ones."""
    if not isinstance(real, dict) or real["kind"] != "dict":
        return False
    leaves, values = dict(said.entries), dict(real["items"])
    if leaves.keys() != values.keys():
        return False
    return all((leaves[a] == leaves[b]) == (values[a] == values[b]) for a in leaves for b in leaves)


def _matches(said: Structure, real: Any) -> bool:
    if isinstance(said, Unseen):
        return True
    if isinstance(said, Absent):
        return real is None
    if isinstance(said, Leaf):
        return _leaf_matches(said, real)
    if not isinstance(real, dict):
        return False
    if isinstance(said, Positional):
        items = real["items"]
        return real["kind"] == said.kind and len(items) == len(said.items) and all(map(_matches, said.items, items))
    if real["kind"] != ("odict" if said.ordered else "dict"):
        return False
    return _entries_match(said, [(key, value) for key, value in real["items"]])


def _entries_match(said: Named, real: list[tuple[Any, Any]]) -> bool:
    if said.ordered and [key for key, _ in real] != list(said.keys):
        return False
    values = dict(real)
    return values.keys() == dict(said.entries).keys() and all(_matches(each, values[key]) for key, each in said.entries)


def _leaf_matches(said: Leaf, real: object) -> bool:
    token = said.token
    if isinstance(token, (int, float)):
        return real == token
    if not isinstance(token, Token):
        return True
    if real is None:
        return not token.movable  # a value that may be None
    identity = token.identity
    if isinstance(identity, tuple) and len(identity) == 2 and identity[0] == "loss":
        return isinstance(real, str) and loss_name(real) == identity[1]
    return True


def _all_said(calls: list[CompileCall]) -> str:
    return "; or ".join(dict.fromkeys(map(_describe_call, calls)))


def _describe_call(call: CompileCall) -> str:
    outputs = call.model.outputs
    if outputs is None:
        text = "outputs unknown"
    else:
        names = dict(zip(outputs.keys, outputs.names, strict=True)) if outputs.keys else list(outputs.names)
        text = f"outputs {outputs.container} {names}"
    text += f", loss {_describe_structure(call.loss.structure)}"
    if call.loss_weights.given:
        text += f", weights {_describe_structure(call.loss_weights.structure)}"
    return text


def _describe_structure(said: Structure) -> str:
    if isinstance(said, Unseen):
        return "unknown"
    if isinstance(said, Absent):
        return "None"
    if isinstance(said, Leaf):
        return said.token.label if isinstance(said.token, Token) else str(said.token)
    if isinstance(said, Positional):
        text = ", ".join(map(_describe_structure, said.items))
        return f"[{text}]" if said.kind == "list" else f"({text})"
    entries = ", ".join(f"{key}: {_describe_structure(value)}" for key, value in said.entries)
    return f"{'O' if said.ordered else ''}{{{entries}}}"


def _describe_record(record: dict[str, Any]) -> str:
    outputs = record["outputs"]
    names = dict(map(tuple, outputs["items"])) if "dict" in outputs["kind"] else [name for _, name in outputs["items"]]
    text = f"outputs {outputs['kind']} {names}"
    for name, title in (("loss", "loss"), ("loss_weights", "weights")):
        values = list(dict.fromkeys(map(_describe_value, record[name])))
        if values != ["None"]:
            text += f", {title} {', at training '.join(values)}"
    return text


def _describe_value(real: Any) -> str:
    if not isinstance(real, dict):
        return str(real)
    if "dict" in real["kind"]:
        entries = ", ".join(f"{key}: {_describe_value(value)}" for key, value in real["items"])
        return f"{'O' if real['kind'] == 'odict' else ''}{{{entries}}}"
    text = ", ".join(map(_describe_value, real["items"]))
    return f"({text})" if real["kind"] == "tuple" else f"[{text}]"


def describe(text: str, one: Disagreement) -> str:
    """A program, and what is said of it beside what happened."""
    file, row = one.place
    return f"{text}\n# {file}, row {row}: {one.wrong}\n#   said:     {one.said}\n#   happened: {one.happened}\n"
