"""The outputs of a model with their last layers and their losses: what both together make of the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keraslint.analysis.facts import Argument, CompileCall, Head, Token
from keraslint.behaviour.structure import Leaf, Named, Outputs, Positional, Structure, Unseen
from keraslint.rules.shared.misrouting import checkable_outputs, single_output

OF_CLASSES = frozenset(
    {"categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy"}
)
"""The losses of Keras for one class of several, which take a probability for each class, or a logit."""

OF_PROBABILITIES = OF_CLASSES | {"binary_crossentropy", "binary_focal_crossentropy"}
"""The losses of Keras that take probabilities, or logits with ``from_logits=True``."""


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """An output with its last layers and its loss. label: " of 'name'" where there are several outputs, else "".

    loss: the name of its function. from_logits: None where it is not known.
    """

    label: str
    head: Head
    loss: str
    from_logits: bool | None

    def place(self, call: CompileCall) -> Argument:
        """Where its activation is written, if that is in the file of the compile call; else the losses."""
        return Argument(Unseen(), self.head.node) if self.head.module == call.module else call.loss


def trained_heads(call: CompileCall) -> Iterator[TrainedHead]:
    """The outputs whose last layers and loss are known, and trained by the loss alone."""
    outputs = checkable_outputs(call) or single_output(call)
    if outputs is None or call.model.legacy or len(call.model.heads) != len(outputs.names):
        return
    for place, head in enumerate(call.model.heads):
        loss = _loss_at(place, outputs, call.loss.structure)
        kind = _kind(loss) if head is not None and loss is not None else None
        if head is not None and kind is not None:
            label = f" of '{outputs.labels[place]}'" if len(outputs.names) > 1 else ""
            yield TrainedHead(label, head, *kind)


def _loss_at(place: int, outputs: Outputs, loss: Structure) -> Structure | None:
    """The loss that the code gives to an output; None where that is not known."""
    count = len(outputs.names)
    if isinstance(loss, Positional):
        return loss.items[place] if len(loss.items) == count and not outputs.keys else None
    if isinstance(loss, Named):
        return dict(loss.entries).get(outputs.labels[place])
    return loss


def _kind(loss: Structure) -> tuple[str, bool | None] | None:
    """The name of a loss of Keras, and if it takes logits; None for any other loss."""
    token = loss.token if isinstance(loss, Leaf) else None
    identity = token.identity if isinstance(token, Token) else None
    if not isinstance(identity, tuple) or identity[:1] != ("loss",) or len(identity) > 3:
        return None
    given = identity[2] if len(identity) == 3 else ()
    values = dict(given) if isinstance(given, tuple) else {}
    if values.get("axis", -1) != -1:
        return None
    logits = values.get("from_logits", False)
    return str(identity[1]), logits if isinstance(logits, bool) else None
