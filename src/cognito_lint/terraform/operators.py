"""Terraform's operators, with its conversions, over values that may be undecided.

https://developer.hashicorp.com/terraform/language/expressions/operators. Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from cognito_lint import worlds
from cognito_lint.model import Trace
from cognito_lint.terraform import numbers
from cognito_lint.terraform.conversion import convert, expand
from cognito_lint.terraform.equality import equals
from cognito_lint.terraform.identities import Site, answer, derived, operand_text, question
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, Type
from cognito_lint.terraform.unification import convertible
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    failure,
    leaves,
    lift,
    number,
    object_of,
    string,
)
from cognito_lint.worlds import Choice

_ARITHMETIC: Mapping[str, Callable[[numbers.Number, numbers.Number], numbers.Number]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
MAX_ENTRIES = 100
_COMPARISONS = frozenset({"<", ">", "<=", ">="})


def binary(operator: str, left: Result, right: Result, site: Site) -> Result:
    """`left operator right`. Raises EvaluationError where Terraform refuses it in every world."""
    trace = _joined(left, right)
    try:
        if operator in {"==", "!="}:
            same = lift(lambda one, other: answer(equals(one, other, site), trace), left, right)
            return same if operator == "==" else unary("!", same, site)
        if operator in {"&&", "||"}:
            one, other = _operand(left, BOOL, "left"), _operand(right, BOOL, "right")
            return lift(lambda a, b: _logical(operator, a, b, trace), one, other)
        one, other = _operand(left, NUMBER, "left"), _operand(right, NUMBER, "right")
        if operator in _COMPARISONS:
            return lift(lambda a, b: _compare(operator, a, b, site, trace), one, other)
        return lift(lambda a, b: _calculate(operator, a, b, site, trace), one, other)
    except (worlds.TooManyWorldsError, BoundError) as error:
        kind = NUMBER if operator in _ARITHMETIC else BOOL
        return derived(kind, operator, (left, right), site, reason=str(error), bound=True)


def unary(operator: str, operand: Result, site: Site) -> Result:
    """`-operand` or `!operand`. Raises EvaluationError where Terraform refuses it in every world."""
    if operator == "!":
        return lift(_negate, _operand(operand, BOOL, ""))

    def minus(value: Plain) -> Result:
        if isinstance(value, UnknownValue):
            return derived(NUMBER, "-", (value,), site)
        return number(numbers.negate(_number(value)), value.trace)

    return lift(minus, _operand(operand, NUMBER, ""))


def truth(result: Result) -> Choice[bool]:
    """A bool that is not null, known or not, as a choice: what conditions are. Convert first.

    Raises EvaluationError for null; errors of single worlds must be dealt with before.
    """
    return worlds.lift(_truth, result)


def _truth(value: Plain) -> Choice[bool]:
    if isinstance(value, UnknownValue):
        subject = value.subject
        if subject.outcomes is not None and "true" not in subject.outcomes:
            return worlds.holds(worlds.boolean(f"bool {subject.key}", subject.text), "true")
        return worlds.holds(subject, "true")
    if value.data is None:
        raise EvaluationError("argument must not be null")
    return value.data is True


def _negate(value: Plain) -> Result:
    return answer(worlds.negate(_truth(value)), value.trace)


def _logical(operator: str, left: Plain, right: Plain, trace: Trace) -> Result:
    join = worlds.both if operator == "&&" else worlds.either
    return answer(join(_truth(left), _truth(right)), trace)


def _operand(result: Result, kind: Type, side: str) -> Result:
    if all(isinstance(leaf, Known) and leaf.type == kind and leaf.data is not None for leaf in leaves(result)):
        return result
    place = f"{side} operand" if side else "operand"

    def prepare(value: Plain) -> Result:
        if value.type != ANY and not convertible(value.type, kind):
            article = "a bool" if kind == BOOL else "a number"
            raise EvaluationError(f"Unsuitable value for {place}: {article} is required.")
        try:
            converted = convert(value, kind)
        except EvaluationError as error:
            raise EvaluationError(f"Unsuitable value for {place}: {error}.") from error
        if isinstance(converted, Known) and converted.data is None:
            raise EvaluationError("Error during operation: argument must not be null.")
        return converted

    return lift(expand, lift(prepare, result))


def _number(value: Known) -> numbers.Number:
    if isinstance(value.data, bool) or not isinstance(value.data, int | Decimal):
        raise EvaluationError("Error during operation: argument must not be null.")
    return value.data


def _calculate(operator: str, left: Plain, right: Plain, site: Site, trace: Trace) -> Result:
    if isinstance(left, UnknownValue) or isinstance(right, UnknownValue):
        return derived(NUMBER, operator, (left, right), site)
    try:
        return number(_ARITHMETIC[operator](_number(left), _number(right)), trace)
    except ArithmeticError as error:
        raise EvaluationError(f"Error during operation: {error}.") from error
    except numbers.NumberTooLargeError as error:
        raise BoundError(str(error)) from error


def _compare(operator: str, left: Plain, right: Plain, site: Site, trace: Trace) -> Result:
    """All four comparisons ask "is a less than b?", so that `a < b` and `b <= a` cannot both hold."""
    if operator in {">", "<="}:
        left, right = right, left
    turned = operator in {"<=", ">="}
    if isinstance(left, UnknownValue) or isinstance(right, UnknownValue):
        if left == right:
            less: Choice[bool] = False
        else:
            text = f"{operand_text(left, site)} < {operand_text(right, site)}"
            less = question("<", (left, right), site, text)
    else:
        less = _number(left) < _number(right)
    return answer(worlds.negate(less) if turned else less, trace)


def _joined(*results: Result) -> Trace:
    """The ways of several operands, one after the other, without what they share."""
    steps = [step for result in results if isinstance(result, Known | UnknownValue) for step in result.trace]
    return tuple(dict.fromkeys(steps))


def by_key(entries: Mapping[str, Result], key: UnknownValue, otherwise: Callable[[], Result], site: Site) -> Result:
    """The entry under a key that is not known: each of them where the key is its name, else `otherwise`.

    Past MAX_ENTRIES entries the result is unknown.
    """
    if len(entries) > MAX_ENTRIES:
        reason = f"one of more than {MAX_ENTRIES} entries is taken by a key that is not known: {key.reason}"
        operands = (key, object_of(entries), _or_failure(otherwise))
        return derived(ANY, "lookup", operands, site, nullable=True, reason=reason, bound=True)
    expanded = expand(key)
    if expanded is not key:
        return lift(lambda name: _entry(entries, name, otherwise, site), expanded)
    result = _or_failure(otherwise)
    for name, entry in reversed(list(entries.items())):
        hit = equals(replace(key, nullable=False), string(name), site)
        result = worlds.lift(lambda truth, yes, no: yes if truth else no, hit, entry, result)
    return result


def _or_failure(otherwise: Callable[[], Result]) -> Result:
    try:
        return otherwise()
    except EvaluationError as error:
        return failure(error)


def _entry(entries: Mapping[str, Result], key: Plain, otherwise: Callable[[], Result], site: Site) -> Result:
    if isinstance(key, UnknownValue):
        return by_key(entries, key, otherwise, site)
    if key.data is None:
        raise EvaluationError("argument must not be null")
    return entries[key.data] if isinstance(key.data, str) and key.data in entries else otherwise()


def refuse_null(result: Result, message: str) -> Result:
    """The result where it is not null; the error elsewhere. An unknown one is sure not to be null afterwards."""

    def check(value: Plain) -> Result:
        if isinstance(value, UnknownValue):
            return replace(value, nullable=False) if value.nullable else value
        if value.data is None:
            raise EvaluationError(message)
        return value

    return lift(check, result)
