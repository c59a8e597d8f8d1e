"""Images that are scaled before a network that scales them itself."""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import Api, Const, Ref, Tensor, Value
from keraslint.analysis.keras.uses import note_use

_NETWORKS = ("keras.applications.EfficientNet", "keras.applications.MobileNetV3")
_SMALL = (1 / 255, 1 / 256, 1 / 127.5, 1 / 128)
# Layers that keep the range of the images.
_KEEPING = frozenset({"Resizing", "CenterCrop", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation"})


def scales_images(path: str, args: Arguments) -> bool:
    """True for a trained network that surely scales images from 0 to 255 itself."""
    weights, inside = args.keywords.get("weights"), args.keywords.get("include_preprocessing")
    if not path.startswith(_NETWORKS) or args.open or len(args.positional) > 1:
        return False
    return weights in (None, Const("imagenet")) and inside in (None, Const(value=True))


def note_applied(m: InterpreterCore, network: Value, before: Iterator[Value], args: Arguments) -> None:
    """Record that such a network is applied behind a layer that scales images down. before: the layers, last first."""
    part, thing = m.part(network), m.look(network)
    if not isinstance(part, ModelPart) or not part.scales_images or part.legacy or not isinstance(thing, Instance):
        return
    for layer in before:
        name, scale = _layer(m, layer)
        if name == "Rescaling" and isinstance(scale, Const) and isinstance(scale.value, float):
            if any(abs(scale.value - small) < small / 1000 for small in _SMALL) and isinstance(thing.cls, Api):
                note_use(m, thing.cls.path, "applied", args.node, scale.value)
            return
        if name not in _KEEPING:
            return


def _layer(m: InterpreterCore, layer: Value) -> tuple[str, Value | None]:
    """The class of a layer of Keras, and its scale; "" for anything else."""
    thing = m.look(layer)
    if not isinstance(thing, Instance) or not isinstance(thing.cls, Api):
        return "", None
    return thing.cls.path.removeprefix("keras.layers."), thing.attributes.get("scale")


def layers_before(tensor: Value) -> Iterator[Value]:
    """The layers that made a tensor, the last one first, as long as each is applied to the result of one other."""
    while isinstance(tensor, Tensor) and tensor.layer is not None:
        yield Ref(tensor.layer)
        if tensor.sources is None or len(tensor.sources) != 1:
            return
        tensor = tensor.sources[0]
