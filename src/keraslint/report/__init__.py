"""Diagnostics as text: the output formats, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from keraslint.diagnostic import Diagnostic

_MODULES = {
    "json": "json_format",
    "json-lines": "json_format",
    "sarif": "sarif",
    "github": "ci",
    "gitlab": "ci",
    "junit": "ci",
}
"""By format that needs nothing but the diagnostics, the module with ``render_FORMAT``."""


def render(
    output_format: str,
    diagnostics: Sequence[Diagnostic],
    *,
    text_of: Callable[[str], str],
    style: str,
    unsafe: bool,
    colour: bool = False,
) -> str:
    """The whole report in one of ``settings.OUTPUT_FORMATS``, with a line end at its end; "" if it is empty.

    ``text_of`` returns the text of a file that a diagnostic names. ``style`` and ``unsafe`` say which fixes ``--fix``
    would apply.
    """
    if output_format in _MODULES:  # each is imported only where it is asked for
        module = import_module(f"keraslint.report.{_MODULES[output_format]}")
        text: str = getattr(module, f"render_{output_format.replace('-', '_')}")(diagnostics)
        return text
    if output_format == "lsp":
        from keraslint.report.lsp_format import render_lsp

        return render_lsp(diagnostics, text_of)
    if output_format == "html":
        from keraslint.report.html_format import render_html

        return render_html(diagnostics, text_of, style=style, unsafe=unsafe)
    if output_format == "full":
        from keraslint.report.full import render_full

        return render_full(diagnostics, text_of, style=style, unsafe=unsafe, colour=colour)
    from keraslint.report.concise import render_concise

    return render_concise(diagnostics, style=style, unsafe=unsafe, colour=colour)
