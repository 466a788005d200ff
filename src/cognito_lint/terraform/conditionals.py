"""Conditional expressions: the condition chooses the value, both branches give its type.

https://developer.hashicorp.com/terraform/language/expressions/conditionals. Part of the Terraform wing's resolve stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from cognito_lint import worlds
from cognito_lint.terraform import calls, operators
from cognito_lint.terraform.conversion import convert, unified
from cognito_lint.terraform.doubts import Gathered
from cognito_lint.terraform.identities import question
from cognito_lint.terraform.syntax import Conditional, Expression, SplatElement
from cognito_lint.terraform.traces import chosen
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, Primitive, Type
from cognito_lint.terraform.values import (
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    failed,
    failure,
    leaves,
    lift,
    size,
    type_of,
)
from cognito_lint.worlds import Choice, Split, Subject

if TYPE_CHECKING:
    from cognito_lint.terraform.expressions import Evaluator

_INCONSISTENT = "Inconsistent conditional result types: the two results must have consistent types."


@dataclass(frozen=True, slots=True)
class _Branch:
    """One branch: its result, and what was noted on the way if somebody would catch an error."""

    expression: Expression
    result: Result
    gathered: Gathered | None


def evaluate(evaluator: Evaluator, node: Conditional) -> Result:
    """The result. Errors of the branch that is not taken don't count. Raises EvaluationError."""
    condition = evaluator.boolean(node.condition)
    then, otherwise = _unified(
        evaluator,
        _branch(evaluator, node.then, condition, True),
        _branch(evaluator, node.otherwise, condition, False),
    )

    def choose(value: Plain) -> Result:
        if isinstance(value, Known) and value.data is None:
            raise EvaluationError("Null condition: the condition value is null.")
        truth = operators.truth(value)
        if isinstance(truth, bool):
            return then if truth else otherwise
        return worlds.lift(lambda yes, one, other: one if yes else other, truth, then, otherwise)

    result = lift(choose, condition)
    if isinstance(result, UnknownValue) and result.error:
        raise EvaluationError(result.reason)
    return result if isinstance(node.condition, SplatElement) else chosen(result, condition, node.condition.span)


def _branch(evaluator: Evaluator, expression: Expression, condition: Result, when: bool) -> _Branch:
    doubts = evaluator.scope.budget.doubts
    if not doubts.watching:
        return _Branch(expression, evaluator.attempt(expression), None)
    with doubts.gathered() as gathered:
        result = gathered.surfaced(evaluator.attempt(expression))
    if not isinstance(condition, Known) or condition.data is when:
        doubts.note(*gathered.doubtful.values())
    doubts.beside(result)
    return _Branch(expression, result, gathered)


def _unified(evaluator: Evaluator, then: _Branch, otherwise: _Branch) -> tuple[Result, Result]:
    """Both results in their common type. Raises EvaluationError."""
    plain = then.result, otherwise.result
    evaluator.scope.budget.spend(size(plain))
    if any(map(failed, plain)):
        return plain
    if any(map(_differs, plain)):
        pairs = worlds.lift(_unified_pair, *plain)
        one, other = (worlds.lift(itemgetter(place), pairs) for place in (0, 1))
        return one, other
    if _is_number_or_bool(plain[0]) and type_of(plain[1]) == ANY:
        return _perhaps_text(evaluator, then, otherwise), plain[1]
    if _is_number_or_bool(plain[1]) and type_of(plain[0]) == ANY:
        return plain[0], _perhaps_text(evaluator, otherwise, then)
    one, other = _converted(*plain)
    return _if_typed(evaluator, otherwise, one, plain[0]), _if_typed(evaluator, then, other, plain[1])


def _is_number_or_bool(result: Result) -> bool:
    return type_of(result) in (NUMBER, BOOL)


def _perhaps_text(evaluator: Evaluator, branch: _Branch, beside: _Branch) -> Result:
    """A number or bool beside something of no known type: a text if that one turns out to be a text."""
    site = evaluator.site(beside.expression.span)

    def converted(value: Plain, other: Plain) -> Result:
        if not isinstance(other, UnknownValue) or other.error:
            return value
        is_text = question("text", (other,), site, f"type({other.subject.text}) == string")
        return worlds.lift(lambda truth: convert(value, STRING) if truth else value, is_text)

    return worlds.lift(converted, branch.result, beside.result)


def _differs(result: Result) -> bool:
    """Whether it is of one type in one world and of another one in another world."""
    return isinstance(result, Split) and len({str(leaf.type) for leaf in leaves(result) if not failed(leaf)}) > 1


def _unified_pair(then: Plain, otherwise: Plain) -> tuple[Result, Result]:
    return (then, otherwise) if failed(then) or failed(otherwise) else _converted(then, otherwise)


def _converted(then: Result, otherwise: Result) -> tuple[Result, Result]:
    common, converted = unified([then, otherwise])
    if common is None:
        refused = failure(EvaluationError(_INCONSISTENT))
        return refused, refused
    one, other = converted
    return one, other


def _if_typed(evaluator: Evaluator, beside: _Branch, converted: Result, result: Result) -> Result:
    """The branch as it was converted. Where the one beside it fails, that one has no type, and this one is what it is:
    which matters if it was refused, or became a value of another primitive type."""
    if converted is result:
        return result
    lost = set(_primitives(type_of(result))) - set(_primitives(type_of(converted)))
    if not lost and _refused(converted) <= _refused(result):
        return converted
    typed = _has_type(evaluator, beside)
    return worlds.lift(lambda truth, one, other: one if truth else other, typed, converted, result)


def _has_type(evaluator: Evaluator, branch: _Branch) -> Choice[bool]:
    """Whether a branch can be evaluated."""
    doubts = evaluator.scope.budget.doubts
    gathered, result = branch.gathered, branch.result
    if gathered is None:
        with doubts.gathered() as gathered:
            result = gathered.surfaced(evaluator.attempt(branch.expression))
    sound = worlds.lift(lambda value: not failed(value), result)
    if not gathered.doubtful:
        return sound
    return worlds.both(sound, calls.works(evaluator, branch.expression, gathered.doubtful))


def _primitives(kind: Type) -> Iterator[Type]:
    if isinstance(kind, Primitive):
        yield from () if kind == ANY else (kind,)
    elif isinstance(kind, Collection):
        yield from _primitives(kind.element)
    else:
        parts = kind.attributes.values() if isinstance(kind, ObjectType) else kind.elements
        for part in parts:
            yield from _primitives(part)


def _refused(result: Result) -> set[Subject]:
    return {leaf.subject for leaf in leaves(result) if isinstance(leaf, UnknownValue) and leaf.error}
