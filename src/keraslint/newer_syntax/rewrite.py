"""Newer syntax rewritten in place to older."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from keraslint.newer_syntax.constructs import (
    rewrite_except,
    rewrite_lazy_import,
    rewrite_star,
    rewrite_type_alias,
    rewrite_type_parameters,
    rewrite_unpacking,
)
from keraslint.newer_syntax.rewriter import Rewriter, children, kind_of
from keraslint.newer_syntax.texts import rewrite_text

if TYPE_CHECKING:
    import libcst as cst

# By the name of the node's class. True comes out where what is within the node is to be rewritten, too.
_REWRITES: dict[str, Callable[[Rewriter, Any], bool]] = {
    "FunctionDef": rewrite_type_parameters,
    "ClassDef": rewrite_type_parameters,
    "TypeAlias": rewrite_type_alias,
    "ExceptHandler": rewrite_except,
    "ExceptStarHandler": rewrite_except,
    "LazyImport": rewrite_lazy_import,
    "LazyImportFrom": rewrite_lazy_import,
    "ListComp": rewrite_unpacking,
    "SetComp": rewrite_unpacking,
    "GeneratorExp": rewrite_unpacking,
    "StarredDictComp": rewrite_unpacking,
    "Index": rewrite_star,
    "Annotation": rewrite_star,
    "FormattedString": rewrite_text,
    "TemplatedString": rewrite_text,
    "ConcatenatedString": rewrite_text,
}


def rewritten(
    source: bytes, module: cst.Module, spans: Mapping[cst.CSTNode, tuple[int, int]], python: tuple[int, int]
) -> bytearray:
    """``source``, which LibCST parsed as ``module``, without syntax that is newer than ``python``.

    spans: from where up to where each node reaches in ``source``. Raises CannotRewrite.
    """
    rewriter = Rewriter(source, module, spans, python)
    waiting: list[cst.CSTNode] = [module]
    while waiting:
        node = waiting.pop()
        rewrite = _REWRITES.get(kind_of(node))
        if rewrite is None or rewrite(rewriter, node):
            waiting += (child for _, child in children(node))
    return rewriter.out
