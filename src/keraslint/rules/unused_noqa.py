"""KER002: a ``# noqa`` comment names a rule of keraslint that finds nothing there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from keraslint.diagnostic import Applicability, Diagnostic, Fix, Severity
from keraslint.document import Document
from keraslint.fixes.apply import COMMENT
from keraslint.fixes.noqa_comment import NoqaComment
from keraslint.noqa import NOQA, comments, ignores_file, may_name_our_codes
from keraslint.rules.base import Example, Rule, example_model
from keraslint.words import listed

_OURS = re.compile(r"KER\d+")
_MODEL = example_model({"small": 1, "big": 64})


class UnusedNoqa(Rule):
    """**What it does.** Finds a code of keraslint in a `# noqa: …` comment where the comment suppresses nothing of that
    rule, and codes of this kind that name no rule.

    **Why is this bad?** It says that something is wrong where nothing is, and would hide a finding to come.

    Codes of other linters and a `# noqa` without codes are left alone, and so are the codes of rules that are off for
    the file, codes of rules about dependency files, and a file whose models come from callers in other files: there it
    can't be known whether the comment is of use. Nothing is said in a file with `# keraslint: ignore-file` or where the
    comment names KER002 itself.

    Which findings there are depends on the Keras releases that the project allows: after `keras>=3.7` a comment
    for KER101 is of no use any more.

    **Fix safety.** The fix is safe: it takes out the code, or the whole comment where no code is left. Other codes and
    other words in the comment stay as they are.
    """

    code = "KER002"
    name = "unused-noqa"
    summary = "a noqa comment names a rule that finds nothing there"
    opt_in = True
    examples = (
        Example(
            "The losses are a tuple by now",
            f'{_MODEL}\nmodel.compile("adam", loss=("mse", "mae"))  # noqa: KER101\n',
            keras="3.5.0",
            finds=True,
            fixed=f'{_MODEL}\nmodel.compile("adam", loss=("mse", "mae"))\n',
        ),
        Example(
            "Next to the code of another linter",
            "import keras  # noqa: F401, KER101 - for its side effects\n",
            keras=None,
            finds=True,
            fixed="import keras  # noqa: F401 - for its side effects\n",
        ),
        Example(
            "A comment that is of use",
            f'{_MODEL}\nmodel.compile("adam", loss={{"small": "mse", "big": "mae"}})  # noqa: KER101\n',
            keras="3.5.0",
            finds=False,
        ),
    )

    def check_comments(
        self, document: Document, found: Collection[Diagnostic], enabled: Collection[str]
    ) -> Iterable[Diagnostic]:
        """One finding for each comment with codes that suppress none of ``found``: all that the enabled rules find.

        Codes of keraslint's rules that are not enabled are left alone, for what those would find is not known. None for
        a document that can't be parsed.
        """
        if not may_name_our_codes(document.text.encode("utf-8", "surrogatepass")) or not document.parses:
            return
        every = list(comments(document))
        if any(ignores_file(comment) for _, _, comment in every):
            return
        for row, column, comment in every:
            match = NOQA.search(comment)
            if match is None or not match["list"]:
                continue
            noqa = NoqaComment(row, column, comment, match)
            if self.code not in noqa.codes:
                useful = {
                    item.code
                    for item in found
                    if row in (*item.noqa_rows, *range(item.span.start.row, item.span.end.row + 1))
                }
                unused = [index for index in range(len(noqa.codes)) if _is_unused(noqa.codes, index, useful, enabled)]
                if unused:
                    yield self._finding(document, noqa, unused, useful)

    def _finding(self, document: Document, noqa: NoqaComment, unused: list[int], useful: set[str]) -> Diagnostic:
        names = list(dict.fromkeys(noqa.codes[index] for index in unused))
        what = "the comment" if len(unused) == len(noqa.codes) else listed(names)
        fix = Fix(COMMENT, Applicability.SAFE, f"Take out {what}", (noqa.without(document, unused),))
        return Diagnostic(
            self.code,
            self.name,
            Severity.WARNING,
            f"unused noqa: {listed([_said(name, name in useful) for name in names])}",
            document.path,
            noqa.span,
            noqa_rows=(noqa.row,),
            fixes=(fix,),
        )


def _is_unused(codes: Sequence[str], index: int, useful: set[str], enabled: Collection[str]) -> bool:
    """Return True if one of the codes in a comment suppresses nothing there."""
    code = codes[index]
    if not _OURS.fullmatch(code):
        return False
    rule = Rule.declared.get(code)
    if rule is None:
        return True
    if code not in enabled or rule.reads_dependencies:
        return False
    return code not in useful or code in codes[:index]


def _said(code: str, useful: bool) -> str:
    if useful:
        return f"{code} is there twice"
    return f"{code} finds nothing here" if code in Rule.declared else f"{code} is not a rule"
