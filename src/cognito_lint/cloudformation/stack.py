"""One template as it is deployed with certain arguments: parameters, conditions and expressions resolved.

The heart of this wing's stage "resolve". Expressions are evaluated when asked for, so that only what a pool depends on
is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from cognito_lint.cloudformation import conditions, functions
from cognito_lint.cloudformation.data import (
    NOTHING,
    Datum,
    Failure,
    OpenText,
    Table,
    concatenated,
    scalar,
    text,
    unknown,
)
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, OpaqueNode, ScalarNode
from cognito_lint.cloudformation.parameters import Parameter, split_list, str_of
from cognito_lint.cloudformation.placeholders import substitute
from cognito_lint.cloudformation.scope import Deployment, Scope
from cognito_lint.cloudformation.template import Template
from cognito_lint.model import Problem, Step, Unknown
from cognito_lint.worlds import (
    Atom,
    Choice,
    Split,
    Subject,
    both,
    holds,
    lift,
    negate,
    split,
)

Argument: TypeAlias = "Callable[[Scope], Choice[Datum]]"
SHARED_PSEUDO_PARAMETERS = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")
PSEUDO_PARAMETERS = (*SHARED_PSEUDO_PARAMETERS, "AWS::StackName", "AWS::StackId", "AWS::NotificationARNs")
NO_VALUE = "AWS::NoValue"


class Stack:
    """A template in one deployment. `address` stands before every logical id: "" or "ChildStack/"."""

    def __init__(
        self,
        template: Template,
        deployment: Deployment,
        address: str = "",
        arguments: Mapping[str, Argument] | None = None,
        base: Scope | None = None,
    ) -> None:
        self.template = template
        self.deployment = deployment
        self.address = address
        self.arguments = arguments
        self.base = base or Scope()
        self.children: dict[str, Stack] = {}
        self._conditions = conditions.Memory()
        self._symbolic: dict[str, Choice[Datum]] = {}

    @property
    def conditions(self) -> conditions.Conditions:
        """The template's conditions. Made anew each time: stack and template are freed as soon as nobody asks."""
        return conditions.Conditions(self, self._conditions)

    # ---- what goes wrong ---------------------------------------------------------------------------------------

    def reject(self, node: Node, message: str, help: str = "") -> Datum:  # noqa: A002
        """Note what CloudFormation would refuse; the value is unknown for that reason."""
        self.deployment.problems.append(Problem(node.span, message, help))
        return Datum(Unknown(message), (Step(node.span, "not valid here"),))

    # ---- expressions -------------------------------------------------------------------------------------------

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
        return scalar(node)

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

    # ---- references --------------------------------------------------------------------------------------------

    def reference(self, name: str, node: Node, scope: Scope) -> Choice[Datum]:
        """What `Ref: name` gives."""
        if name == NO_VALUE:
            return replace(NOTHING, trace=(Step(node.span, "left out here"),))
        if name in scope.bindings:
            return scope.bindings[name]
        parameter = self.template.parameters.get(name)
        if parameter is not None:
            if scope.symbolic:  # a condition is a truth alone: nobody asks which way its operands came
                return self._compared(parameter, scope)
            return lift(lambda datum: datum.passed(node.span, "read here"), self.parameter(parameter, scope))
        if name in PSEUDO_PARAMETERS:
            return self._pseudo(name, node, scope)
        resources = self.template.section("Resources")
        if resources is not None and (resources.get(name) is not None or _generated(resources)):
            return unknown(f"what a Ref to the resource {name} gives is known only after deployment", node)
        if self.template.includes:
            return unknown(f"{name} may come from the text that AWS::Include puts into the template", node)
        return self.reject(node, f"{name} is neither a parameter nor a resource of this template")

    def _pseudo(self, name: str, node: Node, scope: Scope) -> Choice[Datum]:
        trace = (Step(node.span, "read here"),)
        given = self.deployment.inputs.parameters.get(name)
        if given is not None and (name in SHARED_PSEUDO_PARAMETERS or not self.address):
            return Datum(given, trace)
        prefix = "" if name in SHARED_PSEUDO_PARAMETERS else self.address
        subject = Subject(f"3 {prefix}{name}", prefix + name)
        open_text = OpenText(subject, f"{name} is known only at deployment")
        return self._narrowed(subject, Datum(open_text, trace), scope)

    def subject(self, parameter: Parameter) -> Subject:
        """The subject of a parameter, after conditions and questions in the order."""
        outcomes = None
        if parameter.allowed is not None and not parameter.is_stored and not parameter.is_list:
            outcomes = tuple(str_of(datum) for datum in parameter.allowed)
        return Subject(f"3 {self.address}{parameter.name}", self.address + parameter.name, outcomes)

    def parameter(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        """Every value of a parameter in the worlds of `scope`."""
        if self.arguments is not None and parameter.name in self.arguments:
            return lift(lambda datum: self._received(parameter, datum, scope), self.arguments[parameter.name](scope))
        given = None if self.address else self.deployment.inputs.parameters.get(parameter.name)
        if given is not None and parameter.accepts(given) and not parameter.is_stored:
            step = (Step(parameter.span, "given a value by the user"),)
            return self._typed(parameter, Datum(given, step))
        return self._declared(parameter, scope)

    def _compared(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        if scope.path is not True:
            return self.parameter(parameter, scope)
        if parameter.name not in self._symbolic:
            self._symbolic[parameter.name] = self.parameter(parameter, scope)
        return self._symbolic[parameter.name]

    def _typed(self, parameter: Parameter, datum: Datum) -> Datum:
        if parameter.is_list and isinstance(datum.content, str | int | float):
            return split_list(text(datum.content), datum)
        return datum

    def _received(self, parameter: Parameter, datum: Datum, scope: Scope) -> Choice[Datum]:
        """An argument as the nested stack's own parameter takes it."""
        content = datum.content
        if content is None:
            return self._declared(parameter, scope)
        if parameter.is_list:
            if isinstance(content, str | OpenText | Unknown | tuple | Failure):
                return self._typed(parameter, datum)
            return Datum(Unknown(f"the parameter {parameter.name} is given no list"), datum.trace)
        if isinstance(content, tuple) and all(isinstance(item.content, str) for item in content):
            return replace(datum, content=",".join(str(item.content) for item in content))
        subject = self.subject(parameter)
        if isinstance(content, Unknown):
            if parameter.is_stored or scope.defaults:
                return datum
            return self._open(parameter, subject, datum, content.reason, scope)
        if subject.outcomes is None:
            return datum
        refused = Datum(Failure(f"{parameter.name} is given a value outside its AllowedValues", parameter.span))
        if isinstance(content, OpenText):
            answer: Choice[Datum] = refused
            for one in parameter.allowed or ():
                inner = content.inner(str_of(one))
                if inner is not None:
                    answer = _branch(content.subject, inner, replace(one, trace=datum.trace), answer)
            return answer
        if isinstance(content, str | bool | int | float) and text(content) in subject.outcomes:
            return datum
        return refused

    def _declared(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        """A parameter that nobody sets: its finite domain, its default, or what remains open."""
        subject = self.subject(parameter)
        default = None if parameter.is_stored else parameter.default
        if default is not None and self.arguments is not None:
            return self._typed(parameter, default)  # nobody but the calling template could set it
        if default is not None and (scope.defaults or parameter.is_list):
            return self._typed(parameter, default) if not self._strict(parameter) else self._list_left_open(parameter)
        if default is not None and not isinstance(default.content, Unknown):
            self.deployment.defaults[subject] = str_of(default)
        step = (Step(parameter.span, "declared here"),)
        if parameter.is_stored:
            reason = f"the value of {parameter.name} is kept in the parameter store"
        elif default is None:
            reason = f"the parameter {parameter.name} has no default and no value was given"
        else:
            reason = f"the parameter {parameter.name} may be given another value than its default"
        return self._open(parameter, subject, Datum(Unknown(reason), step), reason, scope, default)

    def _strict(self, parameter: Parameter) -> bool:
        return parameter.is_list and self.deployment.inputs.strict

    def _list_left_open(self, parameter: Parameter) -> Datum:
        reason = f"the parameter {parameter.name} may be given another value than its default"
        return Datum(Unknown(reason), (Step(parameter.span, "declared here"),))

    def _open(
        self,
        parameter: Parameter,
        subject: Subject,
        datum: Datum,
        reason: str,
        scope: Scope,
        default: Datum | None = None,
    ) -> Choice[Datum]:
        if parameter.is_list or scope.defaults:
            return datum
        if subject.outcomes is not None:
            return self._finite(parameter, subject, scope)
        open_text = Datum(OpenText(subject, reason), datum.trace)
        if scope.symbolic:
            return open_text
        if default is not None and not self.deployment.inputs.strict:
            return self._narrowed(subject, open_text, scope, default)
        literal = () if default is None else (str_of(default),)
        return self._narrowed(subject, open_text, scope, default, literal, strict=True)

    def _finite(self, parameter: Parameter, subject: Subject, scope: Scope) -> Choice[Datum]:
        outcomes = [
            datum for datum in parameter.allowed or () if both(scope.path, holds(subject, str_of(datum))) is not False
        ]
        if not outcomes:
            return parameter.allowed[-1] if parameter.allowed else NOTHING
        default = parameter.default
        answer: Choice[Datum] | None = None
        for datum in reversed(outcomes):
            if default is not None and str_of(default) == str_of(datum):
                datum = default
            answer = datum if answer is None else _branch(subject, str_of(datum), datum, answer)
        return NOTHING if answer is None else answer

    def _narrowed(
        self,
        subject: Subject,
        rest: Datum,
        scope: Scope,
        default: Datum | None = None,
        literals: tuple[str, ...] = (),
        *,
        strict: bool = False,
    ) -> Choice[Datum]:
        """An open subject in the worlds of `scope`: each literal that its path compares it with, and the rest."""
        if scope.symbolic or scope.defaults:
            return rest
        rule, ruled = self._ruled(subject)
        path = scope.path
        if ruled and (default is None or strict or _without(rule, subject, ruled) is False):
            path = both(path, rule)  # rules that leave only their own literals are a finite domain
            literals = (*literals, *ruled)
        compared = sorted({*outcomes_in(scope.path, subject), *literals})
        remains = _without(path, subject, compared)
        known = None if default is None else str_of(default)
        if isinstance(rest.content, OpenText):
            rest = replace(rest, content=replace(rest.content, excluded=frozenset(compared)))
        if default is not None and known not in compared and not strict:
            rest = default
        answer: Choice[Datum] | None = rest if remains is not False else None
        for literal in reversed(compared):
            if both(path, holds(subject, literal)) is False:
                continue
            value = default if default is not None and literal == known else Datum(literal, rest.trace)
            answer = value if answer is None else _branch(subject, literal, value, answer)
        return rest if answer is None else answer

    def output(self, name: str, node: Node, scope: Scope) -> Choice[Datum]:
        """What the stack puts out under that name, for the one that calls it."""
        outputs = self.template.section("Outputs")
        entry = outputs.get(name) if outputs else None
        value = entry.get("Value") if isinstance(entry, MapNode) else None
        if value is None:
            return unknown(f"the nested stack has no output {name}", node)
        inside = replace(scope, bindings={})
        return lift(lambda datum: datum.passed(node.span, "read here"), self.evaluate(value, inside))

    def _ruled(self, subject: Subject) -> tuple[Choice[bool], set[str]]:
        """What the template's rules say of a subject, and the literals that they compare it with."""
        rule: Choice[bool] = True
        for requirement in self.deployment.requirements:
            if outcomes_in(requirement, subject):
                rule = both(rule, requirement)
        return rule, outcomes_in(rule, subject)

    # ---- properties --------------------------------------------------------------------------------------------

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
        loops = [(key, value) for key, value in node if key.startswith("Fn::ForEach::")]
        if found is None and loops:
            from cognito_lint.cloudformation import loops as expansion

            return expansion.member(self, loops, keys, scope)
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
    if key in ("Ref", "Condition") or (key.startswith("Fn::") and not key.startswith("Fn::ForEach::")):
        return key, entry.node
    return None


def outcomes_in(path: Choice[bool], subject: Subject) -> set[str]:
    """What the path compares the subject with."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [path]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Split) and id(node) not in seen and not subject < node.atom.subject:
            seen.add(id(node))
            if node.atom.subject == subject:
                found.add(node.atom.outcome)
            waiting += (node.yes, node.no)
    return found


def _without(path: Choice[bool], subject: Subject, literals: Iterable[str]) -> Choice[bool]:
    """The path where the subject is none of the literals."""
    for literal in literals:
        path = both(path, negate(holds(subject, literal)))
    return path


def _branch(subject: Subject, outcome: str, yes: Datum, no: Choice[Datum]) -> Choice[Datum]:
    return split(Atom(subject, outcome), yes, no)


def _generated(resources: MapNode) -> bool:
    return any(key.startswith("Fn::") for key, _ in resources)
