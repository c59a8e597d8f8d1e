"""Images that are scaled before a network that scales them itself (KER309)."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras
from keras import layers
from keras.applications import EfficientNetB0, EfficientNetV2S, MobileNetV3Large, ResNet50, efficientnet

images = keras.Input((224, 224, 3))
"""
END = 'net.compile("adam", "sparse_categorical_crossentropy")\n'
APPLY = "net = keras.Model(images, layers.Dense(5, 'softmax')({network}(include_top=False, pooling='avg')({x})))\n"


def said(body: str, keras: str = ">=3") -> list[str]:
    return [one.code for one in check_source(HEAD + body + END, keras=keras) if one.code.startswith("KER3")]


@pytest.mark.parametrize(
    "body",
    [
        "x = layers.Rescaling(1 / 255)(images)\n" + APPLY.format(network="EfficientNetB0", x="x"),
        "x = layers.Rescaling(scale=1.0 / 127.5, offset=-1)(images)\n"
        + APPLY.format(network="MobileNetV3Large", x="x"),
        "x = layers.RandomFlip()(layers.Rescaling(1 / 255)(images))\n" + APPLY.format(network="EfficientNetV2S", x="x"),
        "net = keras.Sequential([layers.Rescaling(1 / 255), EfficientNetB0(include_top=False), layers.Dense(5)])\n",
        "net = keras.Sequential()\nnet.add(layers.Rescaling(1 / 255))\nnet.add(EfficientNetB0(weights='imagenet'))\n",
        "base = efficientnet.EfficientNetB3(include_top=False)\nbase.trainable = False\n"
        "x = base(layers.Rescaling(1 / 255)(images), training=False)\nnet = keras.Model(images, layers.Dense(5)(x))\n",
    ],
)
def test_images_that_are_scaled_twice(body: str) -> None:
    assert "KER309" in said(body)
    assert said(body, keras="<3") == []


@pytest.mark.parametrize(
    "body",
    [
        APPLY.format(network="EfficientNetB0", x="images"),
        "x = layers.Rescaling(1 / 255)(images)\n" + APPLY.format(network="ResNet50", x="x"),
        "x = layers.Rescaling(255)(images)\n" + APPLY.format(network="EfficientNetB0", x="x"),
        "x = layers.Rescaling(255)(layers.Rescaling(1 / 255)(images))\n"
        + APPLY.format(network="EfficientNetB0", x="x"),
        "x = layers.Rescaling(1 / 257)(images)\n" + APPLY.format(network="EfficientNetB0", x="x"),
        "x = layers.Rescaling(factor)(images)\n" + APPLY.format(network="EfficientNetB0", x="x"),
        "x = layers.Conv2D(3, 1)(layers.Rescaling(1 / 255)(images))\n" + APPLY.format(network="EfficientNetB0", x="x"),
        "x = layers.Rescaling(1 / 255)(images)\ny = efficientnet.preprocess_input(images)\n"
        + APPLY.format(network="EfficientNetB0", x="y"),
        "net = keras.Sequential([layers.Rescaling(1 / 255), EfficientNetB0(weights=None, classes=5)])\n",
        "net = keras.Sequential([layers.Rescaling(1 / 255), EfficientNetB0(weights=path)])\n",
        "net = keras.Sequential([layers.Rescaling(1 / 255), EfficientNetV2S(include_preprocessing=False)])\n",
        "net = keras.Sequential([layers.Rescaling(1 / 255), MobileNetV3Large(include_preprocessing=flag)])\n",
        "net = keras.Sequential([layers.Rescaling(1 / 255), EfficientNetB0(**options)])\n",
        "net = keras.Sequential([EfficientNetB0(include_top=False), layers.Rescaling(1 / 255)])\n",
    ],
)
def test_images_that_are_scaled_once(body: str) -> None:
    assert "KER309" not in said(body)
