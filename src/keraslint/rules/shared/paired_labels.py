"""Labels that a program reads from a dataset by itself, and pairs with what a model predicts for that dataset.

It goes by the text of one block: what is read from the dataset, and what is predicted, is followed through assignments
and functions that keep its order, to a place where one is compared with the other. Anything else ends it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from keraslint.syntax import called_name, walk

Kind: TypeAlias = Literal["predictions", "labels", "empty"]
"""What a name holds: one row for each element, in order; "empty" is a list to which labels are added."""

# Functions and methods whose result has the rows of what they are given, in the same order.
_KEEPING = frozenset(
    "argmax array asarray astype cast concat concatenate convert_to_tensor copy flatten float hstack int list numpy"
    " ravel reshape rint round squeeze tolist tuple vstack where".split()
)
# Functions that compare two sequences row by row.
_COMPARING = frozenset(
    "accuracy_score array_equal average_precision_score balanced_accuracy_score brier_score_loss classification_report"
    " cohen_kappa_score confusion_matrix equal f1_score fbeta_score from_predictions jaccard_score log_loss"
    " matthews_corrcoef mean_absolute_error mean_squared_error precision_recall_curve precision_recall_fscore_support"
    " precision_score r2_score recall_score roc_auc_score roc_curve top_k_accuracy_score update_state zip".split()
)
_LABELS = frozenset({"classes", "labels"})
# Methods of a dataset that keep the order of its elements.
_ORDERLY = frozenset({"as_numpy_iterator", "batch", "prefetch", "unbatch"})


def compared_with_labels(tree: ast.Module, predict: ast.Call, *, by_name: bool = False) -> ast.expr | None:
    """The expression that compares the result of ``model.predict(data)`` with labels that are read from ``data``.

    by_name: the labels are ``data.classes`` or ``data.labels``, not what a loop over the data gives.
    """
    given = [*predict.args[:1], *(keyword.value for keyword in predict.keywords if keyword.arg == "x")]
    block = _block_of(tree, predict)
    if len(given) != 1 or not isinstance(given[0], (ast.Name, ast.Attribute)) or block is None:
        return None
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in walk(tree)):
        return None
    return _Reading(predict, ast.unparse(given[0]), by_name).of(block)


def _block_of(tree: ast.Module, predict: ast.Call) -> Sequence[ast.stmt] | None:
    """The innermost statements, one after the other, of which one makes the call."""
    block: Sequence[ast.stmt] | None = tree.body
    while block is not None:
        around = next((one for one in block if any(node is predict for node in walk(one))), None)
        inner = [part for part in _blocks(around) if any(node is predict for one in part for node in walk(one))]
        if around is None or not inner:
            return block if around is not None else None
        block = inner[0]
    return None


def _blocks(node: ast.AST | None) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if isinstance(part := getattr(node, name, None), list):
            yield part
    for other in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield other.body


@dataclass
class _Reading:
    """What the names of a block hold, as far as it was read. data: the text of the dataset."""

    predict: ast.Call
    data: str
    by_name: bool
    names: dict[str, Kind] = field(default_factory=dict)

    def of(self, block: Sequence[ast.stmt]) -> ast.expr | None:
        """The first expression of a block that compares predictions with labels."""
        for statement in block:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self._forget(statement.name)
                continue
            if isinstance(statement, (ast.Assign, ast.Expr)):
                looked_at: ast.AST = statement.value
            else:
                self._forget(*_bound(statement))
                looked_at = statement
            if (found := self._comparison(looked_at)) is not None:
                return found
            if isinstance(statement, ast.For):
                self._read_rows(statement)
            elif isinstance(statement, ast.Assign):
                self._assign(statement)
        return None

    def _comparison(self, node: ast.AST) -> ast.expr | None:
        """The outermost expression within that compares predictions with labels row by row."""
        names = _Reading(self.predict, self.data, self.by_name, {**self.names})
        names._hide(*_bound(node), *(one.arg for one in ast.walk(node) if isinstance(one, ast.arg)))
        for one in ast.walk(node):
            sides: list[ast.expr] = []
            if isinstance(one, ast.Compare) and isinstance(one.ops[0], (ast.Eq, ast.NotEq)):
                sides = [one.left, *one.comparators]
            elif isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub):
                sides = [one.left, one.right]
            elif isinstance(one, ast.Call) and called_name(one) in _COMPARING:
                sides = [*one.args, *(keyword.value for keyword in one.keywords)]
            if len(sides) > 1 and {"predictions", "labels"} <= {names._kind(side) for side in sides}:
                return one if isinstance(one, ast.expr) else None
        return None

    def _assign(self, statement: ast.Assign) -> None:
        kind = self._kind(statement.value)
        self._forget(*_bound(statement))
        if kind is not None and len(statement.targets) == 1 and isinstance(target := statement.targets[0], ast.Name):
            self.names[target.id] = kind

    def _read_rows(self, loop: ast.For) -> None:
        """Take the lists to which a loop adds the labels of every batch, or something of every prediction."""
        inside, added = _Reading(self.predict, self.data, self.by_name, {**self.names}), dict[str, Kind]()
        if not inside._bind(loop.target, loop.iter):
            return
        for statement in loop.body:
            if isinstance(statement, ast.Assign):
                inside._assign(statement)
            elif isinstance(statement, ast.Expr):
                name, kind = inside._added(statement.value)
                if kind is not None and name not in added and self.names.get(name) == "empty":
                    added[name] = kind
            else:
                return  # not every batch may come to its end
        self.names.update(added)

    def _added(self, call: ast.expr) -> tuple[str, Kind | None]:
        """The list to which ``names.append(row)`` or ``names.extend(rows)`` adds something, and what it adds."""
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
            return "", None
        owner = call.func.value
        adds = isinstance(owner, ast.Name) and call.func.attr in ("append", "extend")
        return (owner.id, self._element(call.args[0])) if adds and isinstance(owner, ast.Name) else ("", None)

    def _kind(self, value: ast.expr) -> Kind | None:
        """What an expression gives."""
        if value is self.predict:
            return "predictions"
        if isinstance(value, ast.Name):
            return self.names.get(value.id)
        if isinstance(value, ast.Attribute):
            named = self.by_name and value.attr in _LABELS and ast.unparse(value.value) == self.data
            return "labels" if named else None
        if isinstance(value, ast.List) and not value.elts:
            return "empty"
        if isinstance(value, ast.Compare) and all(isinstance(one, ast.Constant) for one in value.comparators):
            return self._rows(value.left)
        if isinstance(value, ast.Subscript):
            first = value.slice.elts[0] if isinstance(value.slice, ast.Tuple) and value.slice.elts else value.slice
            return self._rows(value.value) if isinstance(first, ast.Slice) else None
        if isinstance(value, (ast.ListComp, ast.GeneratorExp)):
            return self._of_comprehension(value)
        return self._of_call(value) if isinstance(value, ast.Call) else None

    def _rows(self, value: ast.expr) -> Kind | None:
        kind = self._kind(value)
        return None if kind == "empty" else kind

    def _of_call(self, call: ast.Call) -> Kind | None:
        if self._gives_labels(call):
            return "labels"
        if called_name(call) not in _KEEPING | _ORDERLY:
            return None
        owner = self._rows(call.func.value) if isinstance(call.func, ast.Attribute) else None
        return owner or (self._rows(call.args[0]) if call.args else None)

    def _of_comprehension(self, value: ast.ListComp | ast.GeneratorExp) -> Kind | None:
        inside = _Reading(self.predict, self.data, self.by_name, {**self.names})
        for part in value.generators:
            if part.ifs or not inside._bind(part.target, part.iter):
                return None
        return inside._element(value.elt)

    def _element(self, value: ast.expr) -> Kind | None:
        """What a row of an expression belongs to: ``1 if p > 0.5 else 0`` is one of ``p``."""
        if not isinstance(value, ast.IfExp):
            return self._rows(value)
        constants = isinstance(value.body, ast.Constant) and isinstance(value.orelse, ast.Constant)
        return self._rows(value.test) if constants else None

    def _bind(self, target: ast.expr, iterated: ast.expr) -> bool:
        """Bind the target of a loop; True if it is labels of the dataset, or rows of what is known."""
        if isinstance(iterated, ast.Call) and called_name(iterated) == "enumerate" and len(iterated.args) == 1:
            if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
                return False
            target, iterated = target.elts[1], iterated.args[0]
        self._forget(*_bound(target))
        kind = self._rows(iterated)
        if self._is_data(iterated) and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            kind, target = "labels", target.elts[1]
        if kind is None or not isinstance(target, ast.Name):
            return False
        self.names[target.id] = kind
        return True

    def _is_data(self, value: ast.expr) -> bool:
        """Return True for the dataset, and for methods of it that keep its order."""
        if self.by_name:
            return False
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _ORDERLY:
            value = value.func.value
        return isinstance(value, (ast.Name, ast.Attribute)) and ast.unparse(value) == self.data

    def _gives_labels(self, call: ast.Call) -> bool:
        """Return True for ``data.map(lambda x, y: y)``."""
        function = call.args[0] if len(call.args) == 1 else None
        if called_name(call) != "map" or not isinstance(call.func, ast.Attribute) or not self._is_data(call.func.value):
            return False
        if not isinstance(function, ast.Lambda) or len(function.args.args) != 2:
            return False
        return isinstance(function.body, ast.Name) and function.body.id == function.args.args[1].arg

    def _forget(self, *bound: str) -> None:
        """Forget what names held that are bound anew: all, if one is the dataset or holds it."""
        self._hide(*bound)
        if any(self.data == name or self.data.startswith(f"{name}.") for name in bound):
            self.names.clear()

    def _hide(self, *bound: str) -> None:
        for name in bound:
            self.names.pop(name, None)


def _bound(node: ast.AST) -> list[str]:
    """The texts of the names and attributes that are bound within."""
    stores = (one for one in ast.walk(node) if isinstance(getattr(one, "ctx", None), (ast.Store, ast.Del)))
    return [ast.unparse(one) for one in stores if isinstance(one, (ast.Name, ast.Attribute))]
