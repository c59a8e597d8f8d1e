"""KER309: images are scaled before a network that scales them itself."""

from __future__ import annotations

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.document import Document
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse
from keraslint.rules.templates import UseRule

_MODEL = """\
import keras

images = keras.Input((224, 224, 3))
scaled = keras.layers.Rescaling(1.0 / 255)(images)
features = keras.applications.{network}(include_top=False, pooling="avg")(scaled)
model = keras.Model(images, keras.layers.Dense(5, activation="softmax")(features))
model.compile("adam", "sparse_categorical_crossentropy")
"""


class RescaledTwice(UseRule):
    """**What it does.** Finds a `Rescaling(1 / 255)` layer, or one by 1 / 127.5, before an EfficientNet, EfficientNetV2
    or MobileNetV3 with the weights of ImageNet.

    **Why is this bad?** These networks take images from 0 to 255: their first layer is a `Rescaling` of their own. What
    is scaled before reaches their convolutions in a range of 0.004 instead of 1, so that all images look alike to the
    weights that were trained on the whole range. Nothing says so. `preprocess_input` of these networks is the
    identity for the same reason.

    It fires only where the layers, the scale and the weights are seen, and `include_preprocessing` is not off.

    **Use instead.** Images as they are, or `include_preprocessing=False` where the network has this argument.

    **Fix safety.** There is no fix.
    """

    code = "KER309"
    name = "rescaled-twice"
    summary = "images are scaled before a trained network that scales them itself"
    triggers = frozenset({Trigger.SCALED_IMAGES})
    measured = ("known-bad: rescaled_twice", "known-bad: efficientnet_rescaled_twice")
    examples = (
        Example("EfficientNet", _MODEL.format(network="EfficientNetB0"), keras="3.15.1", finds=True),
        Example("A network without a scale of its own", _MODEL.format(network="Xception"), keras="3.15.1", finds=False),
        Example(
            "Trained from the beginning",
            _MODEL.format(network="EfficientNetB0").replace("pooling", "weights=None, pooling"),
            keras="3.15.1",
            finds=False,
        ),
    )

    def find_use(self, _document: Document, _facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """A network behind such a layer."""
        if use.how != "applied":
            return None
        network = use.path.rpartition(".")[2]
        entry = "rescaled_twice" if network.startswith("MobileNetV3") else "efficientnet_rescaled_twice"
        return WrongUse(
            entry,
            use.node,
            "scale",
            f"the images twice, before {network} and in it",
            f"{network} takes pixels from 0 to 255",
            "leave out the Rescaling layer before it",
        )
