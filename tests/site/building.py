"""The site as it is published: built with all its parts, and served."""

from __future__ import annotations

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..cache import environment, locked, once

ROOT = Path(__file__).parents[2]


def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site with the playground. It is built once in a run, for all of pytest-xdist's processes."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with locked(folder / "site.lock"):
        return once(folder / "site", _build)


def _build(folder: Path) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    python = environment("site", *re.findall(r'^    "(mkdocs[^"]+)",$', project, flags=re.MULTILINE))
    known = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    build = [str(python), "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    for command in (build, [sys.executable, "-m", "tools.build_playground", str(folder)]):
        done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
        said = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("WARNING: Location"))
        assert (done.returncode, said) == (0, ""), done.stdout + done.stderr


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves the site as a host does: with its page 404.html for what is not there."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        text = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address at which a built site can be read."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Server, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
