"""Loops: unrolled over what is known, widened over what is not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.machine import Jumps
from keraslint.analysis.core.state import DictObject, Instance, ListObject, Scope, State, join_all
from keraslint.analysis.core.values import Value, one_of
from keraslint.analysis.interpreter.expressions import Expressions

_LOOP = "a loop whose turns are not known changes it"


class Loops(Expressions):
    """Runs loops."""

    def _exec_For(self, node: ast.For | ast.AsyncFor) -> None:
        source = self.evaluate(node.iter)
        items = self.iterate(source)
        if items is not None and len(items) <= MAX_UNROLL:
            before, mark = self.state.fork(), self.seen.mark()
            self._unrolled(node, self._live_items(source) or iter(items))
            if self._same_items(source, items) or self._is_known(source):
                return
            self.seen.forget_since(mark)
            self.state = before  # the body changes what it loops over: how many turns there are is not known
        self._unknown_loop(node.body, node.orelse, node.target, may_skip=True)

    _exec_AsyncFor = _exec_For

    def _same_items(self, source: Value, items: list[Value]) -> bool:
        thing = self.look(source)
        if isinstance(thing, ListObject):
            return thing.items == items
        return not isinstance(thing, DictObject) or (thing.entries is not None and len(thing.entries) == len(items))

    def _live_items(self, source: Value) -> Iterator[Value] | None:
        """The items of a list as a loop meets them: Python looks at it anew in each turn, by place."""
        if not isinstance(self.look(source), ListObject):
            return None

        def found() -> Iterator[Value]:
            for place in range(MAX_UNROLL):
                thing = self.look(source)
                if not isinstance(thing, ListObject) or thing.items is None or place >= len(thing.items):
                    return
                yield thing.items[place]

        return found()

    def _is_known(self, source: Value) -> bool:
        """Whether a list that the body changed was known in each turn; one that grew too long was not."""
        thing = self.look(source)
        return isinstance(thing, ListObject) and thing.items is not None and len(thing.items) <= MAX_UNROLL

    def _unrolled(self, node: ast.For | ast.AsyncFor, items: Iterator[Value]) -> None:
        outer, breaks = self.jumps, []
        for item in items:
            self.jumps = Jumps(outer.returns, on_yield=outer.on_yield)
            self.bind(node.target, item)
            self.execute(node.body)
            self.state = join_all([self.state, *self.jumps.continues]) or self.state
            breaks.extend(self.jumps.breaks)
            if self.state.dead:
                break
        self.jumps = outer
        self.execute(node.orelse)
        self.state = join_all([self.state, *breaks]) or self.state

    def _exec_While(self, node: ast.While) -> None:
        outer = self.jumps
        breaks: list[State] = []
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        truth = None if endless else self.truth(self.evaluate(node.test))
        for _ in range(MAX_UNROLL):
            if truth is not True:
                break
            self.jumps = Jumps(outer.returns, on_yield=outer.on_yield)
            self.execute(node.body)
            self.state = join_all([self.state, *self.jumps.continues]) or self.state
            breaks.extend(self.jumps.breaks)
            self.jumps = outer
            if self.state.dead:
                break
            truth = self.truth(self.evaluate(node.test))
        if truth is False:
            self.execute(node.orelse)
        elif not self.state.dead:
            self._unknown_loop(node.body, node.orelse, None, may_skip=not endless)
        self.state = join_all([self.state, *breaks]) or self.state

    def _unknown_loop(
        self, body: list[ast.stmt], orelse: list[ast.stmt], target: ast.expr | None, *, may_skip: bool
    ) -> None:
        """Widen what the body touches, then run it once for all its turns."""
        before = self.state
        self.silent += 1
        self.unsure += 1
        self.state = before.fork()
        self._turn(body, target)
        ran = self.state
        self.silent -= 1
        self.state = before.fork()
        if ran.counters != before.counters:
            self.lose_count()
        if not ran.dead:
            self._widen(before, ran, self.state)
        start = self.state
        self.state = start.fork()
        breaks = self._turn(body, target)
        after = self.state
        self._widen(before, after, after, since=start)
        self.unsure -= 1
        if may_skip or not breaks:
            after = after.joined(start.fork())
            self.state = after
            self.execute(orelse)
            after = self.state
        else:
            after.dead = True
        self.state = join_all([after, *breaks]) or after

    def _turn(self, body: list[ast.stmt], target: ast.expr | None) -> list[State]:
        outer, self.jumps = self.jumps, Jumps(self.jumps.returns, on_yield=self.jumps.on_yield)
        returned = len(outer.returns)
        if target is not None:
            self.bind(target, self.unknown("an item of something unknown"))
        self.execute(body)
        inner, self.jumps = self.jumps, outer
        if self.silent:
            del outer.returns[returned:]
        self.state = join_all([self.state, *inner.continues]) or self.state
        return inner.breaks

    def _widen(self, before: State, ran: State, state: State, since: State | None = None) -> None:
        """Have ``state`` know no more of what a turn of the loop changes than holds in every turn.

        ran: the state after a turn that began in ``before``, or in ``since``.
        """
        for number in ran.written_since(since or before) & before.objects.keys():
            old, new = before.objects[number], ran.objects.get(number)
            if isinstance(new, ListObject):
                state.writable(number, ListObject).items = None
                state.writable(number, ListObject).why = _LOOP
            elif isinstance(new, DictObject) and isinstance(old, DictObject):
                self._widen_dict(state.writable(number, DictObject), old, new)
            elif isinstance(new, Scope) and isinstance(old, Scope):
                self._widen_names(state.writable(number, Scope).variables, old.variables, new.variables)
            elif isinstance(new, Instance) and isinstance(old, Instance):
                self._widen_names(state.writable(number, Instance).attributes, old.attributes, new.attributes)

    def _widen_dict(self, mapping: DictObject, old: DictObject, new: DictObject) -> None:
        if new.entries is not None and old.entries is not None and set(new.entries) == set(old.entries):
            mapping.entries = {
                key: entry if new.entries[key] == entry else replace(entry, value=self.unknown(_LOOP))
                for key, entry in old.entries.items()
            }
        else:
            mapping.entries, mapping.why = None, _LOOP

    def _widen_names(self, variables: dict[str, Value], old: dict[str, Value], new: dict[str, Value]) -> None:
        for name, value in old.items():
            if new.get(name) != value:
                variables[name] = one_of((value, self.unknown(_LOOP)))
