"""The known bad releases: those that misroute the plainest call with a dict of losses."""

from __future__ import annotations

from functools import cache

from packaging.version import Version

from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import Leaf, Named, Outputs, Positional, Routed

_OUTPUTS = Outputs("list", ("small", "big"))
_LOSS = Named((("small", Leaf("small")), ("big", Leaf("big"))))
_TARGETS = Positional((Leaf("small"), Leaf("big")))


@cache
def known_bad() -> tuple[Version, ...]:
    """The measured releases that train an output with the loss that a dict names for another one, ascending.

    The call: a model with two outputs in a list whose names are not sorted, a dict with a loss for each, and targets
    in a list. Every other release trains it as written.
    """
    return tuple(release for release in MEASURED if _misroutes(release))


def newer_than(releases: tuple[Version, ...]) -> tuple[Version, ...]:
    """The measured releases newer than all of ``releases``, ascending."""
    return tuple(release for release in MEASURED if release > releases[-1])


def _misroutes(release: Version) -> bool:
    routing = route(release, _OUTPUTS, _LOSS, y=_TARGETS)
    return isinstance(routing, Routed) and any(delivery.losses != (delivery.output,) for delivery in routing.deliveries)
