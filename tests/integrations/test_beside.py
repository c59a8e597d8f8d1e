"""keraslint can be installed beside what projects on Keras 3.5 and 3.6 hold, by what real uv says of real packages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ..cache import environment
from ..conftest import Integration

pytestmark = pytest.mark.real_tools

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

OF_THAT_TIME = [
    "mlflow==2.17.0",
    "streamlit==1.39.0",
    "lightning==2.4.0",
    "langchain-core==0.3.10",
    "tensorflow==2.17.0",
    "torchmetrics==1.4.3",
    "wandb==0.18.3",
    "transformers==4.45.2",
]


def compiled(folder: Path, requirement: str) -> dict[str, str]:
    """The versions that uv chooses for keraslint and another package together."""
    (folder / "beside.in").write_text(f"{requirement}\n")
    uv = [str(environment("uv", "uv")), "-m", "uv", "pip", "compile", "--quiet", "--python-version", "3.11"]
    done = subprocess.run(
        [*uv, str(PYPROJECT), "beside.in"], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^([\w-]+)==(\S+)$", done.stdout, flags=re.MULTILINE))


@pytest.mark.parametrize("requirement", OF_THAT_TIME)
def test_keraslint_can_be_installed_beside(requirement: str, tmp_path: Path, integration: Integration) -> None:
    chosen = compiled(tmp_path, requirement)
    name, _, version = requirement.partition("==")
    assert chosen[name] == version
    assert {"libcst", "packaging", "pathspec", "pyyaml"} <= chosen.keys()
    integration(name, version, f"keraslint can be installed beside it, with packaging {chosen['packaging']}")
