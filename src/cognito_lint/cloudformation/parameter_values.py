"""What a parameter of one stack can be: given, received from the calling template, declared or left open.

Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cognito_lint.cloudformation import pseudo_parameters
from cognito_lint.cloudformation.data import NOTHING, Datum, Failure, OpenText, as_written, text
from cognito_lint.cloudformation.nodes import Node
from cognito_lint.cloudformation.parameters import MAX_OUTCOMES, Parameter, split_list, str_of
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.model import Step, Unknown
from cognito_lint.worlds import Atom, Choice, Split, Subject, both, holds, lift, negate, settle, split

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack


class ParameterValues:
    """The parameters of one stack, evaluated when asked for. `known` keeps what conditions have asked for."""

    __slots__ = ("_known", "_stack")

    def __init__(self, stack: Stack, known: dict[str, Choice[Datum]]) -> None:
        self._stack = stack
        self._known = known

    def pseudo(self, name: str, node: Node, scope: Scope) -> Choice[Datum]:
        """What a pseudo parameter gives: one unknown in all stacks that share it."""
        trace = (Step(node.span, "read here"),)
        given = pseudo_parameters.given(name, self._stack.deployment.inputs.parameters)
        prefix = self._stack.place if name in pseudo_parameters.SHARED_PSEUDO_PARAMETERS else self._stack.address
        if given is not None and not prefix:
            return Datum(given, trace)
        subject = Subject(f"3 {prefix}{name}", prefix + name)
        open_text = OpenText(subject, f"{name} is known only at deployment")
        return self._narrowed(subject, Datum(open_text, trace), scope)

    def subject(self, parameter: Parameter) -> Subject:
        """The subject of a parameter, after conditions and questions in the order."""
        return Subject(
            f"3 {self._stack.address}{parameter.name}", self._stack.address + parameter.name, parameter.outcomes
        )

    def value(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        """Every value of a parameter in the worlds of `scope`."""
        if self._stack.arguments is not None and parameter.name in self._stack.arguments:
            return lift(
                lambda datum: self._received(parameter, datum, scope), self._stack.arguments[parameter.name](scope)
            )
        inputs = {} if self._stack.address else self._stack.deployment.inputs.parameters
        given = inputs.get(parameter.name)
        if given is None and parameter.name in inputs:
            reason = f"the given parameters do not say the value of {parameter.name}"
            step = (Step(parameter.span, "declared here"),)
            return self._open(parameter, self.subject(parameter), Datum(Unknown(reason), step), reason, scope)
        if given is not None and parameter.accepts(given) and not parameter.is_stored:
            step = (Step(parameter.span, "given a value by the user"),)
            return self._typed(parameter, as_written(Datum(given, step)))
        handed = self._stack.template.given.get(parameter.name)
        if handed is not None:
            return lift(lambda datum: self._received(parameter, datum, scope), self._stack.evaluate(handed, scope))
        return self._declared(parameter, scope)

    def compared(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        """`parameter` inside a condition, in which nobody asks which way its operands came."""
        if scope.path is not True:
            return self.value(parameter, scope)
        if parameter.name not in self._known:
            self._known[parameter.name] = self.value(parameter, scope)
        return self._known[parameter.name]

    def _typed(self, parameter: Parameter, datum: Datum) -> Datum:
        if parameter.is_list and isinstance(datum.content, str | int | float):
            return split_list(text(datum.content), datum)
        return datum

    def _received(self, parameter: Parameter, datum: Datum, scope: Scope) -> Choice[Datum]:
        """An argument as the nested stack's own parameter takes it."""
        content = datum.content
        if content is None or parameter.is_stored:  # the argument is the name in the store, not the value
            return self._left_out(parameter, scope) if content is None else self._declared(parameter, scope)
        if parameter.is_list:
            if isinstance(content, str | OpenText | Unknown | tuple | Failure):
                return self._typed(parameter, datum)
            return Datum(Unknown(f"the parameter {parameter.name} is given no list"), datum.trace)
        if isinstance(content, tuple) and all(isinstance(item.content, str) for item in content):
            return replace(datum, content=",".join(str(item.content) for item in content))
        subject = self.subject(parameter)
        if isinstance(content, Unknown):
            if scope.defaults or (datum.resource is not None and not scope.symbolic):
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

    def _left_out(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        """A parameter that is given AWS::NoValue: its default, without which CloudFormation stops."""
        if parameter.default is not None:
            return self._declared(parameter, scope)
        return Datum(Failure(f"{parameter.name} has no default and is given no value", parameter.span))

    def _declared(self, parameter: Parameter, scope: Scope) -> Choice[Datum]:
        """A parameter that nobody sets: its finite domain, its default, or what remains open."""
        subject = self.subject(parameter)
        default = None if parameter.is_stored else parameter.default
        if default is not None and isinstance(as_written(default).content, Unknown):
            return self._open(parameter, subject, as_written(default), _reason(as_written(default)), scope)
        if default is not None and self._stack.arguments is not None:
            return self._typed(parameter, default)  # nobody but the calling template could set it
        if default is not None and scope.defaults:
            return self._typed(parameter, default)
        if default is not None and parameter.is_list:
            return self._list(parameter, subject, default, scope)
        if default is not None and not isinstance(default.content, Unknown):
            self._stack.deployment.defaults[subject] = str_of(default)
        step = (Step(parameter.span, "declared here"),)
        if parameter.is_stored:
            reason = f"the value of {parameter.name} is kept in the parameter store"
        elif parameter.has_many:
            reason = f"the parameter {parameter.name} has more than the {MAX_OUTCOMES} AllowedValues that are followed"
        elif default is None:
            reason = f"the parameter {parameter.name} has no default and no value was given"
        else:
            reason = f"the parameter {parameter.name} may be given another value than its default"
        return self._open(parameter, subject, Datum(Unknown(reason), step), reason, scope, default)

    def _list(self, parameter: Parameter, subject: Subject, default: Datum, scope: Scope) -> Choice[Datum]:
        """A list that has a default: in a condition, and where other elements are declared, it may be another list."""
        reason = f"the parameter {parameter.name} may be given another value than its default"
        other = Datum(Unknown(reason), (Step(parameter.span, "declared here"),))
        if scope.symbolic:
            return other
        given = self._typed(parameter, default)
        if not self._stack.deployment.inputs.strict and len(parameter.allowed or ()) < 2:
            return given
        self._stack.deployment.defaults[subject] = str_of(default)
        return _branch(subject, str_of(default), given, other)

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
        counts = not self._stack.deployment.inputs.strict and not parameter.has_many
        return self._narrowed(subject, open_text, scope, default, default_counts=counts)

    def _finite(self, parameter: Parameter, subject: Subject, scope: Scope) -> Choice[Datum]:
        outcomes = [
            datum
            for datum in parameter.allowed or ()
            if scope.path is True or both(scope.path, holds(subject, str_of(datum))) is not False
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
        self, subject: Subject, rest: Datum, scope: Scope, default: Datum | None = None, *, default_counts: bool = True
    ) -> Choice[Datum]:
        """An open subject in the worlds of `scope`: each literal that it is compared with, and the rest. The default
        stands for the rest if it counts."""
        if scope.symbolic or scope.defaults:
            return rest
        rule, ruled = self._ruled(subject)
        path = scope.path
        literals = outcomes_in(path, subject)
        if default is not None and settle(rule, self._stack.deployment.defaults) is False:
            # CloudFormation refuses the defaults together: somebody gives another value, to this one or to another
            default_counts = False
            if isinstance(rest.content, OpenText):
                reason = f"the template's Rules do not admit the default of {subject.text} with the others"
                rest = replace(rest, content=replace(rest.content, reason=reason))
        if default is not None and not default_counts:
            literals.add(str_of(default))
        if ruled and (default is None or not default_counts or _without(rule, subject, ruled) is False):
            path = both(path, rule)  # rules that leave only their own literals are a finite domain
            literals |= ruled
        if isinstance(rest.content, OpenText):
            rest = replace(rest, content=replace(rest.content, excluded=frozenset(literals)))
        if default is not None and default_counts and str_of(default) not in literals:
            rest = default
        return _told_apart(subject, sorted(literals), rest, path, default)

    def _ruled(self, subject: Subject) -> tuple[Choice[bool], set[str]]:
        """What the template's rules say of a subject, and the literals that they compare it with."""
        rule: Choice[bool] = True
        for requirement in self._stack.deployment.requirements:
            if outcomes_in(requirement, subject):
                rule = both(rule, requirement)
        return rule, outcomes_in(rule, subject)


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


def _told_apart(
    subject: Subject, literals: Sequence[str], rest: Datum, path: Choice[bool], default: Datum | None
) -> Choice[Datum]:
    """Each of the literals that the subject may be on its path, and the rest if it may be anything else."""
    answer: Choice[Datum] | None = None if _without(path, subject, literals) is False else rest
    for literal in reversed(literals):
        if both(path, holds(subject, literal)) is False:
            continue
        value = Datum(literal, rest.trace) if default is None or literal != str_of(default) else default
        answer = value if answer is None else _branch(subject, literal, value, answer)
    return rest if answer is None else answer


def _reason(datum: Datum) -> str:
    return datum.content.reason if isinstance(datum.content, Unknown) else ""


def _branch(subject: Subject, outcome: str, yes: Datum, no: Choice[Datum]) -> Choice[Datum]:
    return split(Atom(subject, outcome), yes, no)
