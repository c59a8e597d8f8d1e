"""The newer constructs other than texts: how each is written in older syntax of the same length."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keraslint.newer_syntax.rewriter import CannotRewrite, Rewriter, descendants, kind_of

if TYPE_CHECKING:
    import libcst as cst

# Packages outside the project: importing one later than it is written makes no difference.
_PACKAGES = sys.stdlib_module_names | {"keras", "tensorflow", "tf_keras", "numpy", "jax", "torch"}

_EFFECTS = frozenset({"Call", "Await", "Yield", "NamedExpr"})


def rewrite_type_parameters(it: Rewriter, node: cst.FunctionDef | cst.ClassDef) -> bool:
    """``def f[T](x)`` → ``def f(   x)``, ``class C[T]:`` → ``class C( ):``, if its names are no others' in it."""
    parameters = node.type_parameters
    if parameters is None:
        return True
    if it.python >= (3, 13) or (it.python >= (3, 12) and not any(one.default for one in parameters.params)):
        return True
    own = [one.param.name for one in parameters.params]
    used = {getattr(child, "value", None) for _, child in descendants(node) if child not in own}
    if any(it.may_be_bound(name.value) and name.value in used for name in own):
        raise CannotRewrite
    start, end = it.inner(parameters)
    following = re.compile(rb"(?:\s|\\\r?\n)*\(").match(it.source, end)
    if following:
        it.write(start, following.end(), "(")
    else:
        it.write(start, end - 1, "(")
        it.write(end - 1, end, ")")
    return True


def rewrite_type_alias(it: Rewriter, node: cst.TypeAlias) -> bool:
    """``type X = int`` → ``(X)=(q)``: an alias is not the type that it stands for."""
    if it.python >= (3, 13) or (it.python >= (3, 12) and node.type_parameters is None):
        return True
    start, end = it.inner(node)[0], it.span(node.value)[1]
    it.write(start, end - 1, "(", node.name.value, ")=(", it.unbound())
    it.write(end - 1, end, ")")
    return False


def rewrite_except(it: Rewriter, node: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """``except A, B:`` → ``except A| B:``, and ``except* A:`` → ``except  A:`` for a Python without it."""
    if node.type is None:
        return True
    start = it.span(node.type)[0]
    if kind_of(node) == "ExceptStarHandler" and it.python < (3, 11):
        star = it.source.index(b"*", it.inner(node)[0], start)
        it.write(star, star + 1)
    if kind_of(node.type) == "Tuple" and not getattr(node.type, "lpar", ()) and it.python < (3, 14):
        *others, last = (element.comma for element in getattr(node.type, "elements", ()))
        for comma in others:
            it.write(*it.inner(comma), "|")
        if last in it._spans:
            it.write(*it.inner(last))
    return True


def rewrite_lazy_import(it: Rewriter, node: cst.LazyImport | cst.LazyImportFrom) -> bool:
    """``lazy import a`` → ``if q:import a`` for a module that may be the project's: it is run later, or never."""
    word = b"import" if kind_of(node) == "LazyImport" else b"from"
    start = it.inner(node)[0]
    place = it.source.index(word, start + len(b"lazy"))
    if all(root in _PACKAGES for root in _roots(it, node)):
        it.write(start, place + len(word), word.decode())
    else:
        if not _is_alone_on_its_line(it, *it.inner(node)):
            raise CannotRewrite  # the condition would count for another statement, too
        it.write(start, place, f"if {it.unbound()}:")
    return True


def _is_alone_on_its_line(it: Rewriter, start: int, end: int) -> bool:
    before = re.split(rb"[\r\n]", it.source[:start])[-1]
    return not before.strip() and re.compile(rb"[ \t]*(?:#[^\r\n]*)?(?:[\r\n]|\Z)").match(it.source, end) is not None


def _roots(it: Rewriter, node: cst.LazyImport | cst.LazyImportFrom) -> Iterator[str]:
    """The packages from which a lazy import imports; "" for a relative one."""
    module, relative = getattr(node, "module", None), getattr(node, "relative", ())
    named = [alias.name for alias in getattr(node, "names", ())] if kind_of(node) == "LazyImport" else [module]
    for one in named:
        start, end = it.inner(one) if one is not None else (0, 0)
        yield "" if relative else it.source[start:end].decode().partition(".")[0].strip()


def rewrite_unpacking(it: Rewriter, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.StarredDictComp) -> bool:
    """``[*x for x in y]`` → ``q(x for x in y)``: the result is not known, but all of it runs."""
    start, end = it.inner(node)
    element: cst.CSTNode | None = getattr(node, "elt", None)
    if kind_of(node) == "StarredDictComp":
        inside = it.source.index(b"**", start) + 2
    elif element is not None and kind_of(element) == "StarredElement":
        inside = it.inner(element)[0] + 1
    else:
        return True
    if it.python >= (3, 15):
        return True
    if kind_of(node) == "GeneratorExp":
        if not node.lpar:
            raise CannotRewrite  # these are the parentheses of a call
        start, end = it.inner(node.lpar[-1])[0], it.inner(node.rpar[0])[1]
    if re.search(rb"[\r\n]", it.source[start:inside]):  # the called name may not be alone on its line
        if any(kind_of(child) in _EFFECTS for _, child in descendants(node)):
            raise CannotRewrite
        it.write(start, end - 1, "(", f"{it.unbound()}[", it.mark(it.source[start:end], 5), "]")
        it.write(end - 1, end, ")")
        return False
    it.write(start, inside, f"{it.unbound(start)}(")
    it.write(end - 1, end, ")")
    return True


def rewrite_star(it: Rewriter, node: cst.Index | cst.Annotation) -> bool:
    """``a[*b]`` → ``a[~b]``, whose value is not known either, and ``*args: *Ts`` → ``*args:  Ts``."""
    if it.python < (3, 11):
        if kind_of(node) == "Index" and getattr(node, "star", None):
            start = it.inner(node)[0]
            it.write(start, start + 1, "~")
        elif kind_of(getattr(node, "annotation", None)) == "StarredElement":
            start = it.source.index(b"*", it.inner(node)[0])
            it.write(start, start + 1)
    return True
