"""Function calls, and the three functions that ask whether their arguments can be evaluated at all, or into what.

https://developer.hashicorp.com/terraform/language/functions/try and …/can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_lint import worlds
from cognito_lint.terraform import constraints, functions
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.doubts import Noted
from cognito_lint.terraform.identities import answer, derived, question, text_of
from cognito_lint.terraform.syntax import Call, Expression
from cognito_lint.terraform.types import ANY
from cognito_lint.terraform.values import (
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    boolean,
    failed,
    failure,
    leaves,
    lift,
    map_leaves,
    size,
)
from cognito_lint.worlds import Choice

if TYPE_CHECKING:
    from cognito_lint.terraform.expressions import Evaluator


def call(evaluator: Evaluator, node: Call) -> Result:
    """The result of a call. Raises EvaluationError, BoundError or TooManyWorldsError."""
    if not evaluator.scope.has_functions:
        raise EvaluationError("Function calls not allowed: functions may not be called here.")
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(evaluator, node)
    if name == "can":
        return _can(evaluator, node)
    if name == "convert":
        return _convert(evaluator, node)
    arguments = [evaluator.evaluate(argument) for argument in node.arguments]
    site = evaluator.site(node.span)
    if not node.expand:
        return _apply(evaluator, node, arguments)
    *fixed, last = arguments

    def spread(value: Plain) -> Result:
        if isinstance(value, UnknownValue):
            return derived(ANY, name, (*fixed, value), site, nullable=True)
        if not isinstance(value.data, tuple):
            raise EvaluationError("Invalid expanding argument value: the expanding argument must be a list or a tuple.")
        return _apply(evaluator, node, [*fixed, *value.data])

    return lift(spread, last)


def _apply(evaluator: Evaluator, node: Call, arguments: list[Result]) -> Result:
    scope = evaluator.scope
    site, budget = evaluator.site(node.span), scope.budget
    context = functions.Context(site, scope.files, evaluator, scope.nesting, budget.spent, budget.spend)
    if node.name in _AT_ONCE:
        return functions.call(node.name, arguments, context)
    budget.spend(size(arguments))
    result = functions.call(node.name, arguments, context)
    budget.spend(size([result]))
    return result


_AT_ONCE = frozenset({"contains", "element", "index", "length", "lookup", "nonsensitive", "one", "sensitive"})
"""Functions that take no longer for a large argument, or count their steps themselves."""


def _try(evaluator: Evaluator, node: Call) -> Result:
    """The first argument without an error, world by world."""
    if not node.arguments:
        raise EvaluationError("Invalid function call: at least one argument is required.")
    doubts = evaluator.scope.budget.doubts
    result: Result = failure(EvaluationError("no expression of try succeeded"))
    for argument in node.arguments:
        attempted, doubtful = _guarded(evaluator, argument)
        if argument is node.arguments[-1]:
            doubts.note(*doubtful.values())  # nothing is left to catch it but what is around
        else:
            attempted = _perhaps(evaluator, argument, attempted, doubtful)
        result = _instead_of_errors(result, attempted)
        if not any(failed(leaf) for leaf in leaves(result)):
            break
    if failed(result):
        raise EvaluationError("no expression of try succeeded")
    return result


def _guarded(evaluator: Evaluator, argument: Expression) -> tuple[Result, Noted]:
    """The result, errors among it, and the unknown values on which it depends whether there is one."""
    with evaluator.scope.budget.doubts.gathered() as gathered:
        result = evaluator.attempt(argument)
    return gathered.surfaced(result), gathered.doubtful


def _perhaps(evaluator: Evaluator, argument: Expression, result: Result, doubtful: Noted) -> Result:
    """The result where the argument can be evaluated, an error where it cannot."""
    if not doubtful or failed(result):
        return result
    error = failure(EvaluationError("it depends on a value that is not known"))
    sound = works(evaluator, argument, doubtful)
    return worlds.lift(lambda truth, value: value if truth else error, sound, result)


def works(evaluator: Evaluator, expression: Expression, doubtful: Noted) -> Choice[bool]:
    """Whether an expression can be evaluated: the same question wherever its names stand for the same."""
    site = evaluator.site(expression.span)
    operation, operands = evaluator.meaning(expression)
    return question(f"can {operation}", (*operands, *doubtful.values()), site, f"can({text_of(site)})")


def _instead_of_errors(result: Result, fallback: Result) -> Result:
    return worlds.lift(lambda value, other: other if failed(value) else value, result, fallback)


def _can(evaluator: Evaluator, node: Call) -> Result:
    if len(node.arguments) != 1:
        raise EvaluationError("Invalid function call: can takes exactly one argument.")
    (argument,) = node.arguments
    result, doubtful = _guarded(evaluator, argument)

    def answered(value: Plain) -> Result:
        if failed(value):
            return boolean(False)
        if doubtful:
            return answer(works(evaluator, argument, doubtful))
        if isinstance(value, UnknownValue):
            return answer(question("can", (value,), evaluator.site(node.span)))
        return boolean(True)

    return map_leaves(answered, result)


def _convert(evaluator: Evaluator, node: Call) -> Result:
    """`convert(value, type)`, of the engines that came after Terraform 1.11."""
    if len(node.arguments) != 2:
        raise EvaluationError("Invalid function call: convert takes exactly two arguments.")
    value, kind = node.arguments
    return convert(evaluator.evaluate(value), constraints.parse(kind, evaluator.evaluate).type)
