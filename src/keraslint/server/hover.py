"""A table for a flagged call: by output, the loss that reaches it on each allowed release."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import groupby

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, ModuleFacts, Token
from keraslint.behaviour.intent import intended
from keraslint.behaviour.releases import groups
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import Delivery, NotKnown, Outputs, Raises, Routed, Routing, Unseen
from keraslint.diagnostic import Span
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.by_run import within
from keraslint.rules.shared.misrouting import data_of
from keraslint.rules.shared.wording import number, releases


def flagged_call(
    document: Document, facts: ModuleFacts, span: Span, keras: KerasReleases | None = None
) -> CompileCall | None:
    """The compile call that a diagnostic at ``span`` is about, with a known model; None where there is none.

    It is one that runs on a release of ``keras``.
    """
    for calls in facts.sites():
        for call in calls:
            runs = keras is None or within(keras, call.run).versions
            if runs and call.model.outputs is not None and span in _places(document, call):
                return call
    return None


def routing_table(call: CompileCall, keras: KerasReleases) -> str:
    """A Markdown table: a row for each output, a column for what is written and for each group of releases.

    What a release sends elsewhere than the code names is in bold.
    """
    outputs = call.model.outputs
    assert outputs is not None
    y, sample_weight = data_of(call)[0]
    loss, weights = call.loss.structure, call.loss_weights.structure
    meant = intended(outputs, loss, weights, y, sample_weight)
    columns = [("the code says", _cells(outputs, meant, None))]
    for routing, versions in _alike(keras, outputs, call):
        columns.append((f"Keras {releases(versions)}", _cells(outputs, routing, meant)))
    heads = ["output", *(head for head, _ in columns)]
    lines = [heads, ["---"] * len(heads)]
    for index, label in enumerate(outputs.labels):
        lines.append([_code(label), *(cells[index] for _, cells in columns)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _alike(keras: KerasReleases, outputs: Outputs, call: CompileCall) -> Iterator[tuple[Routing, list[Version]]]:
    """The allowed releases on which the call runs, in groups of consecutive ones that do the same with it."""
    y, sample_weight = data_of(call)[0]
    routed = [
        (route(group[0], outputs, call.loss.structure, call.loss_weights.structure, y, sample_weight), group)
        for group in groups(within(keras, call.run).versions)
    ]
    for _, same in groupby(routed, key=lambda item: "raises" if isinstance(item[0], Raises) else item[0]):
        found = list(same)
        yield found[0][0], [version for _, group in found for version in group]


def _cells(outputs: Outputs, routing: Routing, meant: Routing | None) -> list[str]:
    if isinstance(routing, (Raises, NotKnown)):
        return ["raises an error" if isinstance(routing, Raises) else "not known"] * len(outputs.labels)
    wanted = meant.deliveries if isinstance(meant, Routed) else (None,) * len(routing.deliveries)
    return [_cell(delivery, want) for delivery, want in zip(routing.deliveries, wanted, strict=True)]


def _cell(delivery: Delivery, want: Delivery | None) -> str:
    parts = [_part(" + ".join(map(_label, delivery.losses)) or "no loss", want and delivery.losses != want.losses)]
    if delivery.losses:
        if delivery.weight != 1.0 and not isinstance(delivery.weight, Unseen):
            parts.append(_part(f"\u00d7 {number(delivery.weight)}", want and delivery.weight != want.weight))
        if delivery.target is not None and not isinstance(delivery.target, Unseen):
            parts.append(_part(f"on {_label(delivery.target)}", want and delivery.target != want.target))
    return " ".join(parts)


def _part(text: str, wrong: object) -> str:
    return f"**{text}**" if wrong else text


def _label(token: Hashable) -> str:
    if isinstance(token, Unseen):
        return "not seen"
    return _code(token.label if isinstance(token, Token) else str(token))


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|").replace("`", "'").replace("\n", " ") + "`"


def _places(document: Document, call: CompileCall) -> set[Span]:
    """The places that a diagnostic about a call may have: one of its arguments, or the call itself."""
    arguments = [call.loss, call.loss_weights, call.metrics, call.weighted_metrics]
    arguments += (argument for training in call.trainings for argument in training.data)
    nodes = [call.call, *(training.call for training in call.trainings), *(argument.node for argument in arguments)]
    return {document.span(node) for node in nodes if node is not None}
