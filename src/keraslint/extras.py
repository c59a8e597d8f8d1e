"""The command that installs an extra of keraslint, from where keraslint itself came."""

from __future__ import annotations

import json
import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import url2pathname


def command_for(extra: str) -> str:
    """The command that installs keraslint with an extra into the environment that it runs in."""
    pip = [sys.executable, "-m", "pip", "install"]
    if find_spec("pip") is None:  # as in an environment of uv
        pip = ["uv", "pip", "install", "--python", sys.executable]
    return shlex.join([*pip, *_source(extra)])


def _source(extra: str) -> list[str]:
    """The argument of pip: the folder that keraslint was installed from, or its name."""
    try:
        origin = json.loads(distribution("keraslint").read_text("direct_url.json") or "{}")  # PEP 610
    except (PackageNotFoundError, ValueError):
        origin = {}
    address = urlsplit(origin.get("url", ""))
    if address.scheme != "file" or "dir_info" not in origin:
        return [f"keraslint[{extra}]"]
    return [*["-e"] * origin["dir_info"].get("editable", False), f"{url2pathname(address.path)}[{extra}]"]
