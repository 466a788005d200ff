"""What a condition says of every element of a collection that is not known: `alltrue([for …])`, `!anytrue([for …])` and
`length([for … if …]) == 0` are how people write it, often behind `var.collection == null ||`.

Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from cognito_lint import worlds
from cognito_lint.terraform import loops
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.elements import Element
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.operators import truth
from cognito_lint.terraform.syntax import Binary, Call, Conditional, Expression, ForTuple, Literal, Unary
from cognito_lint.terraform.types import BOOL
from cognito_lint.terraform.values import EVALUATION_ERRORS, Plain, Result, UnknownValue, failed, is_null, type_of
from cognito_lint.worlds import Choice

_SAME_ELEMENTS = frozenset({"distinct", "sort", "tolist", "toset", "values"})


def rules(
    evaluator: Evaluator, condition: Expression, open_elements: Sequence[tuple[Element, Choice[bool]]]
) -> Iterator[Choice[bool]]:
    """What holds of these elements, each with where there is one, if the condition does."""
    for part, unless in _parts(condition):
        found = _of_each(part)
        if found is None:
            continue
        loop, wanted = found
        try:
            collection = evaluator.evaluate(_collection(loop))
            excused = _any_holds(evaluator, unless, collection)
        except EVALUATION_ERRORS:
            continue
        for element, exists in open_elements:
            for one in element.lineage:
                if one.collection is None or not _goes_through(loop, collection, one.collection):
                    continue
                holds = _holds(evaluator, loop, one, wanted=wanted)
                if holds is not None:
                    yield worlds.either(worlds.negate(exists), worlds.either(excused, holds))


def _parts(
    condition: Expression, unless: tuple[Expression, ...] = ()
) -> Iterator[tuple[Expression, tuple[Expression, ...]]]:
    """What must hold for the condition to hold, each with what lets the condition hold without it."""
    if isinstance(condition, Binary) and condition.operator == "&&":
        yield from _parts(condition.left, unless)
        yield from _parts(condition.right, unless)
    elif isinstance(condition, Binary) and condition.operator == "||":
        yield from _parts(condition.left, (*unless, condition.right))
        yield from _parts(condition.right, (*unless, condition.left))
    elif isinstance(condition, Conditional) and _is_true(condition.then):
        yield from _parts(condition.otherwise, (*unless, condition.condition))
    elif isinstance(condition, Conditional) and _is_true(condition.otherwise):
        yield from _parts(condition.then, (*unless, Unary("!", condition.condition, condition.condition.span)))
    else:
        yield condition, unless


def _is_true(expression: Expression) -> bool:
    return isinstance(expression, Literal) and expression.value is True


def _any_holds(evaluator: Evaluator, conditions: Sequence[Expression], collection: Result) -> Choice[bool]:
    """In which worlds one of the conditions may hold though the collection has an element. Raises EvaluationError."""
    found: Choice[bool] = False
    for condition in chain.from_iterable(map(_alternatives, conditions)):
        empty = _said_to_be_empty(condition)
        if empty is not None and _is_same(evaluator.evaluate(empty), collection):
            continue
        result = convert(evaluator.evaluate(condition), BOOL)
        found = worlds.either(found, worlds.lift(lambda leaf: failed(leaf) or is_null(leaf) or truth(leaf), result))
    return found


def _alternatives(condition: Expression) -> Iterator[Expression]:
    if isinstance(condition, Binary) and condition.operator == "||":
        yield from _alternatives(condition.left)
        yield from _alternatives(condition.right)
    else:
        yield condition


def _said_to_be_empty(condition: Expression) -> Expression | None:
    """What a condition says to be null or to have no elements: `X == null`, `length(X) == 0` and their likes."""
    negated = isinstance(condition, Unary) and condition.operator == "!"
    test = condition.operand if isinstance(condition, Unary) and negated else condition
    if not isinstance(test, Binary) or not isinstance(test.right, Literal):
        return None
    if test.right.value is None and test.operator == ("!=" if negated else "=="):
        return test.left
    if _is_zero(test.right) and test.operator in ({"!=", ">"} if negated else {"=="}):
        return _argument_of("length", test.left)
    return None


def _is_zero(expression: Expression) -> bool:
    return isinstance(expression, Literal) and expression.value == 0 and not isinstance(expression.value, bool)


def _argument_of(function: str, expression: Expression) -> Expression | None:
    """The only argument that the function is called with."""
    if isinstance(expression, Call) and expression.name == function and len(expression.arguments) == 1:
        return None if expression.expand else expression.arguments[0]
    return None


def _goes_through(loop: ForTuple, collection: Result, other: UnknownValue) -> bool:
    """Whether a `for` over `collection` goes through the elements of `other`, and under the same keys if it asks."""
    return _is_same(collection, other) and (loop.key is None or type_of(collection) == other.type)


def _is_same(one: Result, other: Result) -> bool:
    return isinstance(one, UnknownValue) and isinstance(other, UnknownValue) and one.subject == other.subject


def _of_each(part: Expression) -> tuple[ForTuple, bool | None] | None:
    """The `for`, and what its result must be for each element: None if it must include none."""
    if isinstance(part, Unary) and part.operator == "!":
        loop = _loop_in("anytrue", part.operand)
        return None if loop is None else (loop, False)
    if isinstance(part, Binary) and part.operator == "==" and _is_zero(part.right):
        loop = _loop_in("length", part.left)
        return None if loop is None else (loop, None)
    loop = _loop_in("alltrue", part)
    return None if loop is None else (loop, True)


def _loop_in(function: str, expression: Expression) -> ForTuple | None:
    argument = _argument_of(function, expression)
    return argument if isinstance(argument, ForTuple) else None


def _collection(loop: ForTuple) -> Expression:
    """What the `for` goes through, or, for one that asks for no keys, what has the same elements."""
    expression = loop.collection
    while loop.key is None and isinstance(expression, Call) and expression.name in _SAME_ELEMENTS:
        if len(expression.arguments) != 1:
            break
        expression = expression.arguments[0]
    return expression


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
