"""Diagnostics as text: one module for each output format, and the choice among them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from keraslint.diagnostic import Diagnostic


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
    if output_format == "json":
        from keraslint.report.json_format import render_json

        return render_json(diagnostics)
    if output_format == "json-lines":
        from keraslint.report.json_format import render_json_lines

        return render_json_lines(diagnostics)
    if output_format == "lsp":
        from keraslint.report.lsp_format import render_lsp

        return render_lsp(diagnostics, text_of)
    if output_format == "sarif":
        from keraslint.report.sarif import render_sarif

        return render_sarif(diagnostics)
    if output_format == "github":
        from keraslint.report.github import render_github

        return render_github(diagnostics)
    if output_format == "gitlab":
        from keraslint.report.gitlab import render_gitlab

        return render_gitlab(diagnostics, os.environ)
    if output_format == "junit":
        from keraslint.report.junit import render_junit

        return render_junit(diagnostics)
    if output_format == "full":
        from keraslint.report.full import render_full

        return render_full(diagnostics, text_of, style=style, unsafe=unsafe, colour=colour)
    from keraslint.report.concise import render_concise

    return render_concise(diagnostics, style=style, unsafe=unsafe, colour=colour)
