"""The record of a program: a verdict for each compile call, and what met at each of its outputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Key: TypeAlias = str | int
Container: TypeAlias = Literal["OrderedDict", "dict", "list", "tuple", "leaf", "none"]

# In the order in which a verdict names them. "equal-losses": exchanged, but they are one and the same.
ISSUES = (
    "misrouted-loss",
    "misrouted-weights",
    "misrouted-target",
    "misrouted-sample-weight",
    "equal-losses",
)


@dataclass(frozen=True)
class Call:
    """The call that set training or evaluation off, such as ``fit``, and its row in the program."""

    name: str
    row: int


@dataclass(frozen=True)
class Delivery:
    """One output: texts of the losses that met there, the weights, and for which outputs the targets were meant."""

    output: str
    losses: tuple[str, ...]
    weights: tuple[float, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Round:
    """One way in which a compiled loss was called, and what went wrong in it (of ISSUES)."""

    call: Call | None
    loss_kind: Container
    y_kind: Container
    table: tuple[Delivery, ...]
    issues: frozenset[str]


@dataclass(frozen=True)
class Site:
    """A compile call by its row. ``error`` is what it, or a call on its model, raised."""

    row: int
    error: str | None
    rounds: tuple[Round, ...]

    @property
    def issues(self) -> frozenset[str]:
        """Everything that went wrong at the outputs, of ISSUES."""
        found = frozenset().union(*(each.issues for each in self.rounds))
        return found - {"equal-losses"} if "misrouted-loss" in found else found

    @property
    def verdict(self) -> str:
        """ "ok", "not-run", or those of ISSUES and "error: …" that were seen, joined by " + "."""
        parts = [issue for issue in ISSUES if issue in self.issues]
        if self.error is not None:
            parts.append(f"error: {self.error}")
        return " + ".join(parts) or ("ok" if self.rounds else "not-run")

    @property
    def loss_is_named(self) -> bool:
        """True if the losses stood in a dict."""
        return any(each.loss_kind in ("dict", "OrderedDict") for each in self.rounds)

    @property
    def tables(self) -> frozenset[tuple[Delivery, ...]]:
        """The tables of all rounds."""
        return frozenset(each.table for each in self.rounds)


@dataclass(frozen=True)
class Run:
    """One program on one release: how it ends when nothing watches it, and its compile calls in order."""

    end: str
    sites: tuple[Site, ...]

    def site(self, row: int) -> Site:
        """The compile call at a row. Raises StopIteration where none ran."""
        return next(site for site in self.sites if site.row == row)


def read_run(report: dict[str, Any]) -> Run:
    """A Run from what ``recorder.py`` wrote about a program."""
    return Run(report["end"], tuple(_site(site) for site in sorted(report["sites"], key=lambda site: site["row"])))


def format_table(site: Site) -> str:
    """The tables of a compile call for a reader: output <- loss * weight, target."""
    lines = []
    for each in site.rounds:
        where = f"{each.call.name} at row {each.call.row}" if each.call else "compute_loss"
        lines.append(f"  {where}: {', '.join(sorted(each.issues)) or 'ok'}")
        for one in each.table:
            losses = " and ".join(one.losses) or "nothing"
            weights = ", ".join(f"{weight:g}" for weight in one.weights)
            lines.append(f"    {one.output} <- {losses} * {weights}, target {', '.join(one.targets)}")
    return "\n".join(lines)


def _site(report: dict[str, Any]) -> Site:
    return Site(report["row"], report["error"], tuple(_round(record) for record in report["records"]))


def _round(record: dict[str, Any]) -> Round:
    names: list[str | None] = record["outputs"]
    by_output: list[list[dict[str, Any]]] = [[] for _ in names]
    for arrival in record["arrivals"]:
        if arrival["output"] is None:
            raise ValueError(f"a loss was called on a tensor that is no output: {record}")
        by_output[arrival["output"]].append(arrival)
    texts = {_key(path): text for path, text, _ in record["loss"]["leaves"]}

    def owner(target: Key | None) -> str:
        keys = [_meant_target(record, target, index) for index in range(len(names))]
        return "all" if record["y"] == "leaf" else _label(names, keys.index(target))

    table = tuple(
        Delivery(
            _label(names, index),
            tuple(texts[_key(arrival["loss"])] for arrival in arrivals),
            tuple(arrival["weight"] for arrival in arrivals),
            tuple(owner(_key(arrival["target"])) for arrival in arrivals),
        )
        for index, arrivals in enumerate(by_output)
    )
    call = Call(**record["call"]) if record["call"] else None
    issues = frozenset(_issues(record, by_output))
    return Round(call, record["loss"]["kind"], record["y"], table, issues)


def _issues(record: dict[str, Any], by_output: list[list[dict[str, Any]]]) -> Iterable[str]:
    losses = {_key(path): number for path, _, number in record["loss"]["leaves"] if number}
    weights = {_key(path): value for path, value in record["loss_weights"]["leaves"]}
    for index, arrivals in enumerate(by_output):

        def meant(container: Container, keys: Iterable[Key | None], index: int = index) -> Key | None:
            return _meant(container, list(keys), record["outputs"], record["container"], index)

        loss = meant(record["loss"]["kind"], losses)
        got = [_key(arrival["loss"]) for arrival in arrivals]
        if got != ([] if loss not in losses else [loss]):
            same = len(got) == 1 and loss in losses and losses[got[0]] == losses[loss]
            yield "equal-losses" if same else "misrouted-loss"
        weight = weights.get(meant(record["loss_weights"]["kind"], weights))
        for arrival in arrivals:
            if arrival["weight"] != round(float(1.0 if weight is None else weight), 6):
                yield "misrouted-weights"
            for argument, kind in (("target", record["y"]), ("sample_weight", record["sample_weight"])):
                path = arrival[argument]
                if kind in ("leaf", "none"):
                    continue
                key = _key(path)
                mine = _meant_target(record, key, index) if argument == "target" else meant(kind, [key])
                if path is None or key != mine:
                    yield "misrouted-sample-weight" if argument == "sample_weight" else "misrouted-target"


def _meant_target(record: dict[str, Any], target: Key | None, index: int) -> Key | None:
    """Which target is meant for an output: a list of fewer than the outputs is for those that have a loss."""
    names, outputs = record["outputs"], record["container"]
    losses = [_key(path) for path, _, number in record["loss"]["leaves"] if number]
    if record["y"] in ("list", "tuple") and outputs in ("list", "tuple") and record["targets"] < len(names):
        kinds = [_meant(record["loss"]["kind"], losses, names, outputs, place) for place in range(len(names))]
        trained = [place for place, loss in enumerate(kinds) if loss in losses]
        if index not in trained:
            return target  # what is wrong there is the loss
        return trained.index(index) if record["targets"] == len(trained) else None
    return _meant(record["y"], [target], names, outputs, index)


def _label(names: list[str | None], index: int) -> str:
    return names[index] or f"#{index}"


def _key(path: list[Key] | None) -> Key | None:
    """The key or position that a path begins with; None for the path of a bare value."""
    return path[0] if path else None


def _meant(
    container: Container, keys: list[Key | None], names: list[str | None], outputs: Container, index: int
) -> Key | None:
    """Which entry of an argument the program's text means for an output.

    A dict is read by name, but on one output its only entry whatever its name. A list is read by position: of
    the output, or on a dict of outputs of its key among the sorted keys (how Keras has always read it).
    """
    if container in ("leaf", "none"):
        return None
    if container in ("list", "tuple"):
        if outputs in ("dict", "OrderedDict"):
            return sorted(str(name) for name in names).index(str(names[index]))
        return index
    if len(names) == 1 and len(keys) == 1:
        return keys[0]
    return names[index]
