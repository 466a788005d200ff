"""The conditions of a template as Boolean functions over its parameters: part of the stage "resolve"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cognito_lint.cloudformation.data import Datum, Failure, Question, equal, question
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, ScalarNode, no_name, same_text, text_of
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.cloudformation.template import LOOP
from cognito_lint.model import Problem
from cognito_lint.worlds import (
    Choice,
    Split,
    Subject,
    TooManyWorldsError,
    boolean,
    both,
    either,
    holds,
    leaves,
    lift,
    negate,
)

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack


_MOST_NODES = 2_000
_MOST_PENDING = 25


@dataclass(slots=True)
class Memory:
    """What is known of one stack's conditions, and which are being asked for."""

    known: dict[str, tuple[Choice[bool], tuple[Problem, ...]]] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)


class Conditions:
    """The named conditions of one stack, each evaluated when first asked for."""

    __slots__ = ("_known", "_pending", "_stack")

    def __init__(self, stack: Stack, memory: Memory) -> None:
        self._stack = stack
        self._known = memory.known
        self._pending = memory.pending

    def named(self, name: str, scope: Scope) -> Choice[bool]:
        """The condition as a value depends on it: a subject of its own, unless the template decides it.

        A value that another condition compares, as a nested stack's may do with its arguments, depends on what the
        condition means: definitions rest on undefined subjects alone.
        """
        if scope.defaults:
            return self._by_default(name, scope)
        meaning = self.meaning(name)
        if scope.symbolic or not isinstance(meaning, Split):
            return meaning
        subject = boolean(f"1 {self._stack.address}{name}", self._stack.address + name)
        self._stack.deployment.definitions[subject] = meaning
        return holds(subject, "true")

    def meaning(self, name: str) -> Choice[bool]:
        """The condition in terms of parameters. Problems inside it are noted each time that something rests on it."""
        problems = self._stack.deployment.problems
        if name in self._known:
            problems += self._known[name][1]
            return self._known[name][0]
        before = len(problems)
        for each in self._order(name):
            if each not in self._known:
                start = len(problems)
                meaning = self._define(each)
                self._known[each] = (meaning, tuple(problems[start:]))
        del problems[before:]
        return self.meaning(name) if name in self._known else self._define(name)

    def _order(self, name: str) -> list[str]:
        """The conditions that `name` rests on and `name`, each after those it rests on: a long chain needs no depth."""
        order: list[str] = []
        entered = set(self._pending)
        waiting: list[tuple[str, bool]] = [(name, False)]
        while waiting:
            each, done = waiting.pop()
            if done:
                order.append(each)
            elif each not in entered and each not in self._known:
                entered.add(each)
                node = self._node(each)
                waiting.append((each, True))
                if node is not None:
                    waiting += ((other, False) for other in _named_in(node[0]))
        return order

    def _define(self, name: str) -> Choice[bool]:
        node = self._node(name)
        if node is None:
            raise KeyError(name)
        if name in self._pending:
            circle = " → ".join([*self._pending[self._pending.index(name) :], name])
            return self.undecided(node, f"the condition {name} rests on itself: {circle}")
        if len(self._pending) >= _MOST_PENDING:
            raise TooManyWorldsError(f"its conditions rest on each other deeper than {_MOST_PENDING} levels")
        self._pending.append(name)
        try:
            return self.expression(node[0], Scope(symbolic=True, bindings=node[1]))
        finally:
            self._pending.pop()

    def exists(self, name: str) -> bool:
        """Whether the template defines the condition."""
        return self._node(name) is not None

    def _node(self, name: str) -> tuple[Node, dict[str, Choice[Datum]]] | None:
        section = self._stack.template.section("Conditions")
        if section is None:
            return None
        found = section.get(name)
        if found is not None:
            return found, {}
        if any(key.startswith(LOOP) for key, _ in section):
            from cognito_lint.cloudformation import loops

            for expanded in loops.expand(self._stack, section, Scope(defaults=True)):
                if expanded.key == name:
                    return expanded.node, dict(expanded.scope.bindings)
        return None

    def undecided(self, node: Node | tuple[Node, object], message: str) -> Choice[bool]:
        """A condition that CloudFormation would refuse."""
        at = node[0] if isinstance(node, tuple) else node
        self._stack.reject(at, message)
        return holds(question(f"refused {at.span}", "a condition that is not valid"), "true")

    def expression(self, node: Node, scope: Scope) -> Choice[bool]:
        """A condition function in terms of parameters. Raises TooManyWorldsError."""
        self._stack.deployment.count()
        scope = scope.deeper()
        if not isinstance(node, MapNode) or len(node.entries) != 1:
            return self._literal(node)
        ((name, entry),) = node.entries.items()
        argument = entry.node
        if name == "Condition":
            return self.reference(argument, scope)
        if name == "Fn::Equals":
            return self._equals(argument, node, scope)
        if name in ("Fn::And", "Fn::Or"):
            return self._junction(name, argument, node, scope)
        if name == "Fn::Not":
            items = _items(argument)
            if len(items) != 1:
                return self.undecided(node, "Fn::Not takes a list with one condition")
            return negate(self.expression(items[0], scope))
        from cognito_lint.cloudformation import assertions

        answer = assertions.function(self._stack, name, argument, node, scope)
        return self.undecided(node, f"{name} gives no condition") if answer is None else answer

    def _literal(self, node: Node) -> Choice[bool]:
        if isinstance(node, ScalarNode) and isinstance(node.content, bool):
            return node.content
        if isinstance(node, ScalarNode) and node.content in ("true", "false"):
            return node.content == "true"
        return self.undecided(node, "a condition is written as one of Fn::Equals, Fn::And, Fn::Or, Fn::Not, Condition")

    def reference(self, argument: Node, scope: Scope) -> Choice[bool]:
        """The meaning of the condition that is named."""
        name = self._stack.name(argument, scope)
        if name is None or not self.exists(name):
            return self.missing(argument, name)
        if scope.defaults:
            return self._by_default(name, scope)
        return self.meaning(name)

    def _by_default(self, name: str, scope: Scope) -> Choice[bool]:
        node = self._node(name)
        if node is None or name in self._pending or len(self._pending) >= _MOST_PENDING:
            return holds(question(f"no default {name}", name), "true")
        self._pending.append(name)
        try:
            return self.expression(node[0], replace(scope, bindings=node[1]))
        finally:
            self._pending.pop()

    def missing(self, node: Node, name: str | None) -> Choice[bool]:
        """A condition that the template does not define."""
        if name is not None and self._stack.template.includes:
            return holds(question(f"{self._stack.address}{name}", self._stack.address + name), "true")
        missing = no_name(node, "a condition is named here")
        return self.undecided(node, f"the template defines no condition {name}" if name else missing)

    def _junction(self, name: str, argument: Node, node: Node, scope: Scope) -> Choice[bool]:
        items = _items(argument)
        if not 2 <= len(items) <= 10:
            return self.undecided(node, f"{name} takes a list of 2 to 10 conditions")
        answer: Choice[bool] = name == "Fn::And"
        for item in items:
            part = self.expression(item, scope)
            answer = both(answer, part) if name == "Fn::And" else either(answer, part)
        return answer

    def _equals(self, argument: Node, node: Node, scope: Scope) -> Choice[bool]:
        items = _items(argument)
        if len(items) != 2:
            return self.undecided(node, "Fn::Equals takes a list of two values")
        one, other = self._stack.evaluate(items[0], scope), self._stack.evaluate(items[1], scope)
        asked = self.question(node, scope)
        answer = lift(lambda a, b: equal(a, b, asked), one, other)
        if not scope.defaults:
            self._require(one, other)
            if asked.subject is not None:
                self._default(asked.subject, node, scope)
        return answer

    def question(self, node: Node, scope: Scope) -> Question:
        """A comparison that nothing decides: the same one wherever it is written."""

        def named() -> Subject:
            bound = ",".join(
                f"{name}={value}" for name, value in sorted(scope.bindings.items()) if isinstance(value, Datum)
            )
            return question(f"{address}{_said(node)}{bound}", f"the comparison in line {node.span.line}")

        address = self._stack.address
        return Question(named)

    def _require(self, *choices: Choice[Datum]) -> None:
        """Worlds that deploy the stack and in which CloudFormation could not evaluate the condition are none."""
        absent = negate(self._stack.base.path)
        for choice in choices:
            failed = next((datum.content for datum in leaves(choice) if isinstance(datum.content, Failure)), None)
            if failed is not None:
                works = either(absent, lift(lambda datum: not isinstance(datum.content, Failure), choice))
                if works is False:
                    self._stack.deployment.problems.append(Problem(failed.span, failed.message))
                else:
                    self._stack.deployment.requirements.append(works)

    def _default(self, asked: Subject, node: Node, scope: Scope) -> None:
        """What the parameters' defaults make of a comparison that is a subject of its own."""
        answer = self.expression(node, replace(scope, defaults=True, symbolic=False))
        if isinstance(answer, bool):
            self._stack.deployment.defaults[asked] = "true" if answer else "false"


def _said(comparison: Node) -> str:
    """What a comparison says: `Fn::Equals` is the same either way round."""
    equals = comparison.get("Fn::Equals") if isinstance(comparison, MapNode) else None
    return "=".join(sorted(map(same_text, _items(equals)))) if equals is not None else same_text(comparison)


def _named_in(node: Node) -> Iterator[str]:
    """The names of the conditions that a condition is made of."""
    waiting, budget = [node], _MOST_NODES
    while waiting and budget:
        budget -= 1
        part = waiting.pop()
        if isinstance(part, ListNode):
            waiting += part.items
        elif isinstance(part, MapNode):
            for key, inner in part:
                name = text_of(inner) if key == "Condition" else None
                if name is None:
                    waiting.append(inner)
                else:
                    yield name


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, ListNode) else ()
