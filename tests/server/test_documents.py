"""Open documents: after any edits their text is what the client's is."""

from __future__ import annotations

import hashlib
import os
import random
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from lsprotocol import types

from keraslint.server.documents import offset
from keraslint.server.opened import OpenDocuments

from .conftest import PROGRAM, Servers, Session, run, session

URI = "file:///a/train.py"
SIZES = {
    "utf-8": lambda character: len(character.encode("utf-8")),
    "utf-16": lambda character: len(character.encode("utf-16-le")) // 2,
    "utf-32": lambda character: 1,
}
# What has tripped servers up: line ends of all kinds, what only Python counts as such, characters of every width.
PIECES = [
    "\n",
    "\r\n",
    "\r",
    "\f",
    "\v",
    "\u2028",
    "\x85",
    "\t",
    "\N{GRINNING FACE}",
    "é",
    "a",
    "\u20ac",
    "e\u0301",
    "xy",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


class Client:
    """The text as a client keeps it: by index. What it sends are places by line and unit."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.encoding = encoding

    def place(self, index: int) -> types.Position:
        """The place of an index; one between the halves of a line end is sent as the place before it."""
        before = self.text[:index].replace("\r\n", "\n").replace("\r", "\n")
        if self.text[index - 1 : index + 1] == "\r\n":
            before = before[:-1]
        line = before.rpartition("\n")[2]
        return types.Position(before.count("\n"), sum(map(SIZES[self.encoding], line)))

    def replace(self, start: int, end: int, new: str) -> types.TextDocumentContentChangePartial:
        """Edit the text; the change to send."""
        start, end = (
            index - 1 if self.text[index - 1 : index + 1] == "\r\n" else index for index in sorted((start, end))
        )
        change = types.TextDocumentContentChangePartial(types.Range(self.place(start), self.place(end)), new)
        self.text = self.text[:start] + new + self.text[end:]
        return change


class Synchronised(RuleBasedStateMachine):
    """Several edits in a message, whole texts, closing and opening again."""

    @initialize(text=TEXTS, encoding=st.sampled_from(sorted(SIZES)))
    def start(self, text: str, encoding: str) -> None:
        self.version = 0
        self.documents = OpenDocuments(encoding)
        self.client = Client(text, encoding)
        self.documents.open(types.TextDocumentItem(URI, "python", 0, text))

    def send(self, *changes: types.TextDocumentContentChangeEvent) -> None:
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(uri=URI, version=self.version)
        assert self.documents.change(identifier, changes) is not None

    @rule(edits=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), TEXTS), min_size=1, max_size=4))
    def edit(self, edits: list[tuple[int, int, str]]) -> None:
        changes = []
        for one, other, new in edits:
            size = len(self.client.text) + 1
            changes.append(self.client.replace(one % size, other % size, new))
        self.send(*changes)

    @rule(text=TEXTS)
    def replace_all(self, text: str) -> None:
        self.client.text = text
        self.send(types.TextDocumentContentChangeWholeDocument(text))

    @rule()
    def reopen(self) -> None:
        assert self.documents.close(URI) is not None
        assert self.documents.get(URI) is None
        assert self.documents.close(URI) is None
        self.documents.open(types.TextDocumentItem(URI, "python", self.version, self.client.text))

    @invariant()
    def same(self) -> None:
        held = self.documents.get(URI)
        assert held is not None
        assert (held.text, held.version) == (self.client.text, self.version)


Synchronised.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestSynchronised = pytest.mark.slow(Synchronised.TestCase)


@pytest.mark.parametrize(
    ("line", "character", "encoding", "index"),
    [
        (0, 0, "utf-16", 0),
        (0, 2, "utf-16", 2),
        (0, 3, "utf-16", 2),  # inside of the emoji
        (0, 4, "utf-16", 3),
        (0, 6, "utf-8", 3),
        (0, 99, "utf-16", 4),  # past the end of the line: its end, before the line end
        (1, 0, "utf-32", 6),
        (1, 5, "utf-32", 7),
        (2, 0, "utf-16", 8),
        (9, 9, "utf-16", 8),  # past the end of the text
    ],
)
def test_places(line: int, character: int, encoding: str, index: int) -> None:
    assert offset("ab\N{GRINNING FACE}c\r\nd\r", types.Position(line, character), encoding) == index


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="not run: memory is read from /proc")
def test_ten_thousand_edits_of_a_real_session(project: Path) -> None:
    """The text is the client's all the way, and the memory of the server does not grow by more than a fifth."""
    chance = random.Random(7)
    pieces = [*PIECES, *PROGRAM.splitlines(keepends=True)]

    async def conversation() -> None:
        async with session(project, "helix") as editor:
            client = Client(PROGRAM, "utf-8")
            uri = editor.open("train.py")
            await editor.diagnostics(uri, version=1)
            process = editor.client._server
            assert process is not None
            sizes = []
            for version in range(2, 10_002):
                size = len(client.text)
                start = chance.randrange(size + 1)
                longer = size < 2_000 and chance.random() < 0.6
                new = chance.choice(pieces) if longer else ""
                end = start if longer else min(size, start + chance.randrange(40))
                change = client.replace(start, end, new)
                if not version % 500:
                    client.text = PROGRAM  # what parses, so that the whole analysis runs, too
                    change = types.TextDocumentContentChangeWholeDocument(PROGRAM)
                editor.change(uri, version, change)
                if not version % 500:
                    await editor.diagnostics(uri, version=version)
                    editor.published.clear()
                    await compare(editor, client, version)
                    sizes.append(resident(process.pid))
                elif not version % 25:
                    await compare(editor, client, version)
            early, late = sizes[2], sizes[-1]
            assert late <= early * 1.2, sizes

    run(conversation())


async def compare(editor, client: Client, version: int) -> None:
    (held,) = (await editor.information())["documents"]
    digest = hashlib.sha256(client.text.encode("utf-8")).hexdigest()
    assert (held["version"], held["length"], held["sha256"]) == (version, len(client.text), digest)


def resident(pid: int) -> int:
    """The bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") if sys.platform == "linux" else 0


@pytest.mark.slow
def test_a_byte_order_mark_in_the_text_is_passed_over(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py", "\ufeff" + PROGRAM)
        (found,) = (await editor.diagnostics(uri, version=1)).diagnostics
        assert (found.code, found.range.start) == ("KER101", types.Position(6, 37))
        sent = "\ufeff" + PROGRAM
        (kept,) = (await editor.information())["documents"]
        assert kept["sha256"] == hashlib.sha256(sent.encode()).hexdigest()

    servers.ask(project, conversation)
