"""One template as it is deployed with certain arguments: its expressions resolved.

The heart of this wing's stage "resolve". Expressions are evaluated when asked for, so that only what a pool depends on
is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from cognito_lint.cloudformation import conditions, functions
from cognito_lint.cloudformation.data import (
    NOTHING,
    Datum,
    Failure,
    OpenText,
    Table,
    as_written,
    concatenated,
    scalar,
    unknown,
)
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, OpaqueNode, ScalarNode, text_of
from cognito_lint.cloudformation.parameter_values import ParameterValues
from cognito_lint.cloudformation.placeholders import substitute
from cognito_lint.cloudformation.pseudo_parameters import NO_VALUE, PSEUDO_PARAMETERS
from cognito_lint.cloudformation.scope import Deployment, Scope
from cognito_lint.cloudformation.template import LOOP, Template
from cognito_lint.model import Ignore, Problem, Span, Step, Unknown
from cognito_lint.worlds import Choice, lift

Argument: TypeAlias = "Callable[[Scope], Choice[Datum]]"


class Stack:
    """A template in one deployment. `address` stands before every logical id: "" or "ChildStack/". `callers` are the
    headers of the nested stacks around it, the outermost first, `ignores` what their metadata wants suppressed.
    `macro` may change what the template says: its own, or one of a template that calls it. `fault` is what
    CloudFormation would refuse about the nested stacks around it. `place` tells apart where stacks are deployed: the
    address of the stack set around it, if there is one."""

    def __init__(
        self,
        template: Template,
        deployment: Deployment,
        address: str = "",
        arguments: Mapping[str, Argument] | None = None,
        base: Scope | None = None,
        callers: tuple[Span, ...] = (),
        ignores: tuple[Ignore, ...] = (),
        macro: str | None = None,
        place: str = "",
        fault: str | None = None,
    ) -> None:
        self.template = template
        self.macro = macro or template.macro
        self.deployment = deployment
        self.address = address
        self.place = place
        self.fault = fault
        self.arguments = arguments
        self.base = base or Scope()
        self.callers = callers
        self.ignores = ignores
        self.children: dict[str, Stack] = {}
        self._conditions = conditions.Memory()
        self._symbolic: dict[str, Choice[Datum]] = {}

    @property
    def conditions(self) -> conditions.Conditions:
        """The template's conditions. Made anew each time: stack and template are freed as soon as nobody asks."""
        return conditions.Conditions(self, self._conditions)

    @property
    def parameters(self) -> ParameterValues:
        """The values of the template's parameters, in this stack."""
        return ParameterValues(self, self._symbolic)

    def reject(self, node: Node, message: str, help: str = "") -> Datum:  # noqa: A002
        """Note what CloudFormation would refuse; the value is unknown for that reason."""
        self.deployment.problems.append(Problem(node.span, message, help))
        return Datum(Unknown(message), (Step(node.span, "not valid here"),))

    def evaluate(self, node: Node, scope: Scope) -> Choice[Datum]:
        """Every value of an expression in the worlds of `scope`. Raises TooManyWorldsError."""
        self.deployment.count()
        scope = scope.deeper()
        if isinstance(node, ScalarNode):
            return self._scalar(node, scope)
        if isinstance(node, ListNode):
            return self.each(node.items, scope)
        if isinstance(node, MapNode):
            called = function_of(node)
            if called is not None:
                return functions.call(self, *called, node, scope)
            return self._table(node, scope)
        if isinstance(node, OpaqueNode):
            return self.reject(node, node.reason) if node.wrong else unknown(node.reason, node)
        raise TypeError(type(node))

    def _scalar(self, node: ScalarNode, scope: Scope) -> Choice[Datum]:
        if scope.bindings and isinstance(node.content, str) and "{" in node.content:
            return substitute(node.content, node, scope.bindings)
        if node.content is None:
            return self.reject(
                node, "null values are not allowed in templates", "leave the key out, or give it a value"
            )
        # nobody asks which way the operands of a condition came
        return as_written(Datum(node.content, (), node.written)) if scope.symbolic else scalar(node)

    def each(self, nodes: tuple[Node, ...], scope: Scope) -> Choice[Datum]:
        """The elements as a list, without those that are AWS::NoValue."""
        choices = [self.evaluate(node, scope) for node in nodes]

        def listed(*data: Datum) -> Datum:
            failed = next((datum for datum in data if isinstance(datum.content, Failure)), None)
            return failed or Datum(tuple(datum for datum in data if datum.content is not None))

        return lift(listed, *choices)

    def _table(self, node: MapNode, scope: Scope) -> Choice[Datum]:
        keys = [key for key, _ in node]
        choices = [self.evaluate(value, scope) for _, value in node]
        return lift(lambda *data: Datum(Table(tuple(zip(keys, data, strict=True)))), *choices)

    def joined(self, parts: list[Choice[Datum]], node: Node) -> Choice[Datum]:
        """The parts as one text."""
        return lift(lambda *data: concatenated(data, node), *parts)

    def name(self, node: Node, scope: Scope) -> str | None:
        """A name that is written out, or made of loop variables; None if it is neither."""
        written = text_of(node)
        if not scope.bindings:
            return written
        made = self.evaluate(node, scope)
        return made.content if isinstance(made, Datum) and isinstance(made.content, str) else written

    def reference(self, name: str, node: Node, scope: Scope) -> Choice[Datum]:
        """What `Ref: name` gives."""
        if name == NO_VALUE:
            return replace(NOTHING, trace=(Step(node.span, "left out here"),))
        if name in scope.bindings:
            return scope.bindings[name]
        parameter = self.template.parameters.get(name)
        if parameter is not None:
            if scope.symbolic:
                return self.parameters.compared(parameter, scope)
            return lift(lambda datum: datum.passed(node.span, "read here"), self.parameters.value(parameter, scope))
        if name in PSEUDO_PARAMETERS:
            return self.parameters.pseudo(name, node, scope)
        resources = self.template.section("Resources")
        if resources is not None and (resources.get(name) is not None or _generated(resources)):
            reason = f"what a Ref to the resource {name} gives is known only after deployment"
            return unknown(reason, node, self.address + name)
        if self.template.includes:
            return unknown(f"{name} may come from the text that AWS::Include puts into the template", node)
        return self.reject(node, f"{name} is neither a parameter nor a resource of this template")

    def output(self, name: str, node: Node, scope: Scope) -> Choice[Datum]:
        """What the stack puts out under that name, for the one that calls it."""
        if self.macro is not None:
            return unknown(f"the macro {self.macro} may change what the nested stack puts out", node)
        entry, bindings = self._output(name)
        if isinstance(entry, MapNode) and entry.get("Fn::Transform") is not None:
            return unknown("a macro (Fn::Transform) writes this output of the nested stack", node)
        value = entry.get("Value") if isinstance(entry, MapNode) else None
        if value is None:
            return unknown(f"the nested stack has no output {name}", node)
        inside = replace(scope, bindings=bindings)
        condition = entry.get("Condition") if isinstance(entry, MapNode) else None
        there: Choice[bool] = True
        if condition is not None:
            wanted = self.name(condition, inside)
            if wanted is None or not self.conditions.exists(wanted):
                there = self.conditions.missing(condition, wanted)
            else:
                there = self.conditions.named(wanted, inside)
                inside = inside.where(self.conditions.meaning(wanted))
        gone = Datum(Failure(f"the nested stack has no output {name} where its condition is false", node.span))

        def read(truth: bool, datum: Datum) -> Datum:
            return datum.passed(node.span, "read here") if truth else gone

        return lift(read, there, self.evaluate(value, inside) if there is not False else gone)

    def _output(self, name: str) -> tuple[Node | None, Mapping[str, Choice[Datum]]]:
        outputs = self.template.section("Outputs")
        entry = outputs.get(name) if outputs else None
        if entry is None and outputs is not None and _generated(outputs):
            from cognito_lint.cloudformation import loops

            for made in loops.expand(self, outputs, self.base):
                if made.key == name and made.certain and made.exists is True:
                    return made.node, made.scope.bindings
        return entry, {}

    def at(self, node: Node | None, keys: tuple[str, ...], scope: Scope) -> Choice[Datum]:
        """What stands at `keys` inside a property, through every `Fn::If` in between. Raises TooManyWorldsError."""
        if node is None:
            return NOTHING
        if not keys:
            return self.evaluate(node, scope)
        self.deployment.count()
        scope = scope.deeper()
        if isinstance(node, MapNode):
            called = function_of(node)
            if called is None:
                return self._member(node, keys, scope)
            name, argument = called
            if name == "Fn::If":
                return functions.chosen(
                    self, argument, node, scope, lambda branch, inside: self.at(branch, keys, inside)
                )
            if name == "Fn::Transform":
                return unknown("a macro (Fn::Transform) writes this part of the template", node)
        return lift(lambda datum: self._inside(datum, keys, node), self.evaluate(node, scope))

    def _member(self, node: MapNode, keys: tuple[str, ...], scope: Scope) -> Choice[Datum]:
        if node.get("Fn::Transform") is not None:
            return unknown("a macro (Fn::Transform) writes this part of the template", node)
        found = node.get(keys[0])
        loops = [(key, value) for key, value in node if key.startswith(LOOP)]
        if loops:
            from cognito_lint.cloudformation import loops as expansion

            if found is None:
                return expansion.member(self, loops, keys, scope)
            if expansion.makes(self, loops, keys[0], scope):
                return self.reject(node, f"{keys[0]} is written here, and again by a Fn::ForEach")
        return self.at(found, keys[1:], scope)

    def _inside(self, datum: Datum, keys: tuple[str, ...], node: Node) -> Datum:
        content = datum.content
        if content is None or isinstance(content, Unknown | Failure):
            return datum
        if isinstance(content, OpenText):
            return replace(datum, content=Unknown(content.reason))
        for key in keys:
            if not isinstance(content, Table):
                return self.reject(node, "a mapping is needed here", "write the property as a mapping of its settings")
            datum = content.get(key) or NOTHING
            content = datum.content
        return datum


def function_of(node: MapNode) -> tuple[str, Node] | None:
    """The function that a mapping calls and its argument, if it calls one."""
    entries = node.entries
    if len(entries) != 1:
        return None
    ((key, entry),) = entries.items()
    if key in ("Ref", "Condition") or (key.startswith("Fn::") and not key.startswith(LOOP)):
        return key, entry.node
    return None


def _generated(resources: MapNode) -> bool:
    return any(key.startswith("Fn::") for key, _ in resources)
