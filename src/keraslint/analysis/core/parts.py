"""What is known of a Keras layer or model that an object of the program is."""

from __future__ import annotations

from dataclasses import dataclass

from keraslint.analysis.core.values import NONE, Value
from keraslint.analysis.facts import Head
from keraslint.behaviour.structure import Outputs


@dataclass(frozen=True, slots=True)
class LayerPart:
    """The layer part of an instance of a Keras layer."""

    name: str | None
    why: str = ""
    called: bool = False
    shared: bool = False  # it was called more than once
    head: Head | None = None  # what it makes of its input
    keeps: bool = False  # it adds the activations of ``head`` to those of its input, whose units it keeps


@dataclass(frozen=True, slots=True)
class ModelPart:
    """The model part of an instance of a Keras model.

    outputs: its outputs where they are known; else ``why`` says why they are not.
    structure: the value that was passed as outputs, for ``model.outputs`` and for calling the model.
    compiles: the compile calls (by observation number) whose losses are in force.
    in_turns: it is trained in each turn of a loop that may have none.
    """

    kind: str  # "functional", "sequential", "subclass", "opaque"
    name: str | None
    outputs: Outputs | None
    why: str = ""
    structure: Value = NONE
    inputs: Value = NONE
    overrides: frozenset[str] = frozenset()
    compiles: tuple[int, ...] = ()
    trained: bool = False
    in_turns: bool = False
    escaped: bool = False
    legacy: bool = False
    place: tuple[str, int] | None = None  # where its outputs are listed: module, row
    called: bool = False
    shaped: bool = False  # a Sequential model that knows the shape of its input
    built: bool = False  # a Sequential model that has made its inner Functional model
    scales_images: bool = False  # a trained network that scales images from 0 to 255 itself
    frozen: bool = False  # trainable was set to False after it was compiled, and before it was trained
    nested: bool = False  # its outputs are known to be nested
    weighted: bool = False  # it was, or may have been, given the weights of another model
