"""All rules, in the order of their codes."""

from __future__ import annotations

from keraslint.rules.base import Rule
from keraslint.rules.dropped_losses import DroppedLosses
from keraslint.rules.exchanged_ordered_outputs import ExchangedOrderedOutputs
from keraslint.rules.incomplete_loss import IncompleteLoss
from keraslint.rules.known_bad_keras_pin import KnownBadKerasPin
from keraslint.rules.misplaced_loss_weights import MisplacedLossWeights
from keraslint.rules.misrouted_loss import MisroutedLoss
from keraslint.rules.misrouted_loss_weights import MisroutedLossWeights
from keraslint.rules.misrouted_metric_targets import MisroutedMetricTargets
from keraslint.rules.misrouted_sample_weights import MisroutedSampleWeights
from keraslint.rules.misrouted_targets import MisroutedTargets
from keraslint.rules.needless_safe_compile import NeedlessSafeCompile
from keraslint.rules.positional_on_dict_outputs import PositionalOnDictOutputs
from keraslint.rules.sorted_by_luck import SortedByLuck
from keraslint.rules.unknown_output_name import UnknownOutputName
from keraslint.rules.unlogged_monitor import UnloggedMonitor
from keraslint.rules.unparsable_source import UnparsableSource
from keraslint.rules.unused_noqa import UnusedNoqa
from keraslint.rules.unverified_loss_routing import UnverifiedLossRouting

ALL_RULES: tuple[Rule, ...] = (
    UnparsableSource(),
    UnusedNoqa(),
    MisroutedLoss(),
    UnverifiedLossRouting(),
    MisroutedTargets(),
    MisroutedLossWeights(),
    UnknownOutputName(),
    IncompleteLoss(),
    PositionalOnDictOutputs(),
    SortedByLuck(),
    MisroutedMetricTargets(),
    DroppedLosses(),
    ExchangedOrderedOutputs(),
    UnloggedMonitor(),
    MisplacedLossWeights(),
    MisroutedSampleWeights(),
    NeedlessSafeCompile(),
    KnownBadKerasPin(),
)
