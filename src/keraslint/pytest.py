"""The pytest plugin: fixtures that say where the losses of a model go, for the tests of training code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from keraslint.runtime import LossRouting


@pytest.fixture(scope="session")
def loss_routing() -> Callable[..., LossRouting]:
    """``keraslint.runtime.loss_routing``: what reaches each output of a compiled model on the running Keras."""
    from keraslint.runtime import loss_routing as function

    return function


@pytest.fixture(scope="session")
def assert_loss_routing() -> Callable[..., LossRouting]:
    """``keraslint.runtime.assert_loss_routing``: fails where something else than expected reaches an output."""
    from keraslint.runtime import assert_loss_routing as function

    return function
