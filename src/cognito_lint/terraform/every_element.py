"""What a condition says of every element of a collection that is not known: `alltrue([for …])`, `!anytrue([for …])` and
`length([for … if …]) == 0` are how people write it.

Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cognito_lint import worlds
from cognito_lint.terraform import loops
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.elements import Element
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.operators import truth
from cognito_lint.terraform.syntax import Binary, Call, Expression, ForTuple, Literal, Unary
from cognito_lint.terraform.types import BOOL
from cognito_lint.terraform.values import EVALUATION_ERRORS, Plain, Result, UnknownValue, failed, is_null
from cognito_lint.worlds import Choice

_SAME_ELEMENTS = frozenset({"distinct", "sort", "tolist", "toset", "values"})


def rules(
    evaluator: Evaluator, condition: Expression, open_elements: Sequence[tuple[Element, Choice[bool]]]
) -> Iterator[Choice[bool]]:
    """What holds of these elements, each with where there is one, if the condition does."""
    for part in _parts(condition):
        found = _of_each(part)
        if found is None:
            continue
        loop, wanted = found
        try:
            collection = evaluator.evaluate(_collection(loop))
        except EVALUATION_ERRORS:
            continue
        for element, exists in open_elements:
            first = element.first
            if _is_of(first, collection):
                holds = _holds(evaluator, loop, first, wanted=wanted)
                if holds is not None:
                    yield worlds.either(worlds.negate(exists), holds)


def _parts(condition: Expression) -> Iterator[Expression]:
    """What must hold for the condition to hold."""
    if isinstance(condition, Binary) and condition.operator == "&&":
        yield from _parts(condition.left)
        yield from _parts(condition.right)
    else:
        yield condition


def _of_each(part: Expression) -> tuple[ForTuple, bool | None] | None:
    """The `for`, and what its result must be for each element: None if it must include none."""
    if isinstance(part, Unary) and part.operator == "!":
        loop = _loop_in("anytrue", part.operand)
        return None if loop is None else (loop, False)
    if isinstance(part, Binary) and part.operator == "==" and isinstance(part.right, Literal) and part.right.value == 0:
        loop = _loop_in("length", part.left)
        return None if loop is None else (loop, None)
    loop = _loop_in("alltrue", part)
    return None if loop is None else (loop, True)


def _loop_in(function: str, expression: Expression) -> ForTuple | None:
    if isinstance(expression, Call) and expression.name == function and len(expression.arguments) == 1:
        argument = expression.arguments[0]
        if isinstance(argument, ForTuple) and not expression.expand:
            return argument
    return None


def _collection(loop: ForTuple) -> Expression:
    """What the `for` goes through, or, for one that asks for no keys, what has the same elements."""
    expression = loop.collection
    while loop.key is None and isinstance(expression, Call) and expression.name in _SAME_ELEMENTS:
        if len(expression.arguments) != 1:
            break
        expression = expression.arguments[0]
    return expression


def _is_of(element: Element, collection: Result) -> bool:
    of = element.collection
    return of is not None and isinstance(collection, UnknownValue) and of.subject == collection.subject


def _holds(evaluator: Evaluator, loop: ForTuple, element: Element, *, wanted: bool | None) -> Choice[bool] | None:
    """In which worlds what is said of each element holds of this one; None where that cannot be told."""
    inner = loops.within(evaluator, loop, element.key, element.value)
    try:
        included = loops.inclusion(inner, loop)
        if wanted is None:
            return worlds.lift(lambda it: it is False, included)
        result = convert(inner.evaluate(loop.result), BOOL)
        holds = worlds.lift(lambda leaf: _is(leaf, wanted=wanted), result)
    except EVALUATION_ERRORS:
        return None
    return worlds.lift(lambda it, truth: truth if it is True else it is False, included, holds)


def _is(leaf: Plain, *, wanted: bool) -> Choice[bool]:
    """Where a bool is the wanted one: null is taken for false, and an error refuses the whole condition."""
    if failed(leaf):
        return False
    answer = False if is_null(leaf) else truth(leaf)
    return answer if wanted else worlds.negate(answer)
