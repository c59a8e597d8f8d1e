"""KERAS_BACKEND that is set after Keras was imported (KER308)."""

from __future__ import annotations

import pytest

from keraslint import check_source

SET = 'os.environ["KERAS_BACKEND"] = "{backend}"\n'
JAX = SET.format(backend="jax")


def said(text: str, keras: str | None = ">=3") -> list[str]:
    return [one.code for one in check_source(text, keras=keras) if one.code.startswith("KER3")]


@pytest.mark.parametrize(
    "text",
    [
        f"import os\nimport keras\n{JAX}",
        f"import os\nfrom keras import layers\n{SET.format(backend='torch')}",
        f"import keras.layers\nimport os\n{JAX}import keras\n",
        f"import os\nimport tensorflow as tf\nimport keras\n{JAX}keras.Sequential().compile('adam', 'mse')\n",
    ],
)
def test_a_backend_that_is_ignored(text: str) -> None:
    assert said(text) == ["KER308"]
    assert said(text, keras="<3") == []


@pytest.mark.parametrize(
    "text",
    [
        f"import os\n{JAX}import keras\n",
        f"import os\nimport numpy\n{JAX}from keras import layers\n",
        f"import os\n{JAX}import keras\n{JAX}",
        f"import os\nos.environ.setdefault('KERAS_BACKEND', 'jax')\nimport keras\n{JAX}",
        f"import os\n# %env KERAS_BACKEND=jax\nimport keras\n{JAX}",
        # TensorFlow is what Keras takes by default.
        f"import os\nimport keras\n{SET.format(backend='tensorflow')}",
        # The backend that runs, told to others, or chosen for other processes.
        'import os\nimport keras\nos.environ["KERAS_BACKEND"] = keras.config.backend()\n',
        f"import os\nimport subprocess\nimport keras\n{JAX}subprocess.run(['python', 'train.py'])\n",
        f"import os\nimport sys\nimport keras\n{JAX}os.execv(sys.executable, sys.argv)\n",
        f"import os\nimport importlib\nimport keras\n{JAX}importlib.reload(keras)\n",
        f"import os\nimport keras\n{JAX}keras.config.set_backend('jax')\n",
        # Not at the top level, or another thing.
        f"import os\nimport keras\n\ndef choose():\n    {JAX}",
        f"import os\ntry:\n    import keras\nexcept ImportError:\n    pass\n{JAX}",
        f"import os\nfrom .keras import layers\n{JAX}",
        'import os\nimport keras\nos.environ["KERAS_BACKEND"]\n',
        'import keras\nfrom settings import os\nos.environ["KERAS_BACKEND"] = "jax"\n',
        'import os\nimport keras\nsettings = {}\nsettings["KERAS_BACKEND"] = "jax"\n',
    ],
)
def test_a_backend_that_counts_or_is_no_choice(text: str) -> None:
    assert said(text) == []
