"""Draws docs/neovim.svg: a real Neovim in a terminal, with a finding of the language server and its related lines.

    python -m tools.editor_picture [--check] [NVIM]

With ``--check`` it writes nothing: it compares the text of the picture, and exits with 1 where it is not up to date.
Needs Neovim 0.11 (default: ``nvim``), and the extras "docs" and "lsp". Linux and macOS only.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from fcntl import ioctl
from itertools import groupby
from pathlib import Path
from termios import TIOCSWINSZ

import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tools.svg_text import write_or_check

ROOT = Path(__file__).resolve().parents[1]
COLUMNS, ROWS = 112, 36

# Colours of the terminal; Neovim itself sends 24-bit ones.
THEME = TerminalTheme((20, 22, 27), (224, 226, 234), [(0, 0, 0)] * 8, [(128, 128, 128)] * 8)

SETUP = """
vim.opt.termguicolors = true
vim.opt.number = true
vim.opt.linebreak = true
vim.opt.signcolumn = "yes"
vim.opt.laststatus = 2
vim.opt.statusline = " %f %m %= %l:%c "
vim.opt.ruler = false
vim.opt.showcmd = false
-- What belongs to a finding, below it: Neovim's own window shows only the message.
local function related(diagnostic)
  local lines = {}
  for _, item in ipairs(diagnostic.user_data.lsp.relatedInformation or {}) do
    local file = vim.fn.fnamemodify(vim.uri_to_fname(item.location.uri), ":.")
    table.insert(lines, ("%s:%d: %s"):format(file, item.location.range.start.line + 1, item.message))
  end
  return lines
end

vim.diagnostic.config({
  virtual_text = false,
  float = {
    border = "rounded",
    header = "",
    prefix = "",
    source = true,
    format = function(diagnostic)
      return table.concat(vim.list_extend({ diagnostic.message }, related(diagnostic)), "\\n")
    end,
  },
})

local done = false
vim.api.nvim_create_autocmd("DiagnosticChanged", {
  callback = function()
    local found = vim.diagnostic.get(0)[1]
    if found and not done then
      done = true
      vim.fn.winrestview({ topline = 20, lnum = found.lnum + 1, col = found.col })
      vim.defer_fn(function() vim.diagnostic.open_float({ max_width = 100, focusable = false }) end, 500)
    end
  end,
})
"""


def main() -> int:
    """Run Neovim on the example of the README, read its screen, and write the picture."""
    program = next((word for word in sys.argv[1:] if word != "--check"), "nvim")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        screen = shown(program, Path(folder))
    return write_or_check(ROOT / "docs" / "neovim.svg", drawn(screen), "editor_picture")


def shown(program: str, folder: Path) -> pyte.Screen:
    """The screen of Neovim after it has opened the program with the bug: a second after it shows the finding."""
    project = folder / "project"
    shutil.copytree(ROOT / "examples" / "two_heads", project)
    (folder / "bin").mkdir()
    command = folder / "bin" / "keraslint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m keraslint "$@"\n')
    command.chmod(0o755)
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    lua = page.partition("<!-- neovim 0.11 -->\n```lua\n")[2].partition("```")[0]
    (folder / "init.lua").write_text(lua + SETUP)
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
    }
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    arguments = [program, "-n", "-u", str(folder / "init.lua"), "train.py"]
    process = subprocess.Popen(
        arguments, cwd=project, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    end = time.monotonic() + 60
    found = False
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.2)[0]:
            stream.feed(os.read(ours, 65_536))
        if not found and "KER101" in "".join(screen.display):
            found, end = True, time.monotonic() + 1
    process.kill()
    process.wait()
    return screen


def drawn(screen: pyte.Screen) -> str:
    """The contents of a screen as SVG."""
    text = Text(no_wrap=True, overflow="crop", end="")
    for row in range(ROWS):
        cells = [screen.buffer[row][column] for column in range(COLUMNS)]
        for style, same in groupby(cells, key=style_of):
            text.append("".join(cell.data for cell in same), style)
        text.append("\n")
    with Path(os.devnull).open("w") as nowhere:
        console = Console(width=COLUMNS, record=True, file=nowhere, color_system="truecolor")
        console.print(text)
        svg = console.export_svg(title="Neovim", theme=THEME, unique_id="neovim")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # nothing is to be fetched to look at it
    return svg.replace("Fira Code, monospace", "ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace")


def style_of(cell: pyte.screens.Char) -> Style:
    """The style of one cell for rich."""
    front, back = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
    return Style(
        color=colour(front), bgcolor=colour(back), bold=cell.bold, italic=cell.italics, underline=cell.underscore
    )


def colour(name: str) -> str | None:
    """A colour of pyte as rich names it."""
    return None if name == "default" else f"#{name}" if len(name) == 6 else name


if __name__ == "__main__":
    sys.exit(main())
