"""Times the language server: from an edit to the diagnostics of the edited text, on one core.

    python benchmarks/server.py [EDITS]

The file has 1,000 lines and ten models, each of them wrong; every edit types one character. Prints the median, the 95th
percentile and the slowest in milliseconds, once with a pause after each edit (the wait for further edits is in it) and
once for edits that come at 20 a second, of which only the last of a burst has to be answered.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from check import models


class Client:
    """A client that does the least that the protocol demands."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "keraslint", "server"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        self.send("initialize", {"capabilities": {}, "rootUri": root.as_uri(), "processId": None}, identifier=1)
        self.read()
        self.send("initialized", {})

    def send(self, method: str, params: dict[str, Any], identifier: int | None = None) -> None:
        """Send a notification; with an ``identifier`` a request."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if identifier is None else {**message, "id": identifier}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """The next message of the server."""
        length = 0
        assert self._process.stdout is not None
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        said: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return said

    def diagnostics(self, version: int) -> int:
        """Wait for the diagnostics of a version, and return their number."""
        while True:
            said = self.read()
            if said.get("method") == "textDocument/publishDiagnostics" and said["params"].get("version") == version:
                return len(said["params"]["diagnostics"])

    def end(self) -> None:
        """End the session as the protocol has it."""
        self.send("shutdown", {}, identifier=2)
        self.read()
        self.send("exit", {})
        self._process.wait()


def edit(client: Client, uri: str, line: int, version: int) -> None:
    """Type one character into the last line, a comment."""
    place = {"line": line, "character": 2}
    change = {"range": {"start": place, "end": place}, "text": "x"}
    client.send(
        "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
    )


def single(client: Client, uri: str, line: int, edits: int, version: int) -> list[float]:
    """The times from each of some edits to its diagnostics, with a pause after each."""
    times = []
    for number in range(edits):
        start = time.perf_counter()
        edit(client, uri, line, version + number)
        assert client.diagnostics(version + number) == 10
        times.append(time.perf_counter() - start)
        time.sleep(0.05)
    return times


def bursts(client: Client, uri: str, line: int, edits: int, version: int) -> list[float]:
    """The times from the last edit of each burst of ten to its diagnostics."""
    times = []
    for _ in range(edits // 10):
        for number in range(10):
            start = time.perf_counter()
            edit(client, uri, line, version + number)
            time.sleep(0.05 if number < 9 else 0)
        version += 10
        assert client.diagnostics(version - 1) == 10
        times.append(time.perf_counter() - start)
    return times


def session(edits: int) -> tuple[float, list[float], list[float]]:
    """The times of the first diagnostics, of single edits, and of bursts, in a session on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / ".git").mkdir()
        (root / "requirements.txt").write_text("keras==3.5.0\n")
        text = models(10, 1000) + "# \n"
        line = text.count("\n") - 1
        uri = (root / "train.py").as_uri()
        client = Client(root)
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        client.send("textDocument/didOpen", {"textDocument": item})
        start = time.perf_counter()
        client.diagnostics(1)
        first = time.perf_counter() - start
        times = single(client, uri, line, edits, 2), bursts(client, uri, line, edits, 2 + edits)
        client.end()
    return first, *times


def slowest(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def main() -> None:
    """Time a session and print the figures."""
    first, one, burst = session(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    print(f"first diagnostics: {first * 1000:.0f} ms")
    show("an edit", one)
    show("a burst of ten", burst)


def show(name: str, times: list[float]) -> None:
    """Print one line."""
    median, slow = statistics.median(times), slowest(times)
    print(f"{name}: median {median * 1000:.0f} ms, p95 {slow * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
