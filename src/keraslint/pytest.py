"""The pytest plugin: the functions of keraslint.runtime as fixtures for the tests of training code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from keraslint.runtime import LossRouting


@pytest.fixture(scope="session")
def loss_routing() -> Callable[..., LossRouting]:
    """``keraslint.runtime.loss_routing``: the routing of a compiled model on the running Keras."""
    from keraslint.runtime import loss_routing as function

    return function


@pytest.fixture(scope="session")
def assert_loss_routing() -> Callable[..., LossRouting]:
    """``keraslint.runtime.assert_loss_routing``: fails if the routing of a model is not as expected."""
    from keraslint.runtime import assert_loss_routing as function

    return function
