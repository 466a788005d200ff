"""Numeric functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from cognito_lint.terraform import numbers
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.functions.base import (
    Context,
    Function,
    Implementation,
    Parameter,
    invalid,
    items,
    number_of,
    parameters,
    text_of,
    whole_number,
)
from cognito_lint.terraform.types import ANY, NUMBER
from cognito_lint.terraform.values import BoundError, EvaluationError, Known, Plain, Result, number

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def absolute(_: Context, value: Plain) -> Result:
    """`abs(num)`."""
    given = number_of(value)
    return number(numbers.negate(given) if given < 0 else given)


def _rounding(whole: str) -> Implementation:
    def implementation(_: Context, value: Plain) -> Result:
        given = number_of(value)
        if isinstance(given, int) or not given.is_finite():
            return value
        return number(math.ceil(given) if whole == "ceil" else math.floor(given))

    return implementation


def _double(value: Plain, parameter: str) -> float:
    """A 64-bit floating point number, which `log` and `pow` calculate in."""
    try:
        return float(number_of(value))
    except OverflowError as error:
        raise invalid(parameter, "the number is too large") from error


def _from_double(result: float) -> Known:
    if math.isnan(result):
        raise EvaluationError("can't calculate: the result is not a number")
    if math.isinf(result):
        return number(numbers.INFINITY if result > 0 else -numbers.INFINITY)
    return number(Decimal(repr(result)))


def logarithm(_: Context, value: Plain, base: Plain) -> Result:
    """`log(num, base)`."""
    given, of = _double(value, "num"), _double(base, "base")
    try:
        upper = math.log(given) if given > 0 else (-math.inf if given == 0 else math.nan)
        lower = math.log(of) if of > 0 else (-math.inf if of == 0 else math.nan)
        if lower == 0:
            return _from_double(math.nan if upper == 0 else math.copysign(math.inf, upper))
        return _from_double(upper / lower)
    except (ValueError, ArithmeticError) as error:
        raise EvaluationError(f"can't calculate: {error}") from error


def power(_: Context, value: Plain, exponent: Plain) -> Result:
    """`pow(num, power)`."""
    base, raised = _double(value, "num"), _double(exponent, "power")
    try:
        return _from_double(math.pow(base, raised))
    except OverflowError:
        negative = base < 0 and raised % 2 == 1
        return _from_double(-math.inf if negative else math.inf)
    except ValueError:
        return _from_double(math.inf if base == 0 else math.nan)


def signum(_: Context, value: Plain) -> Result:
    """`signum(num)`."""
    given = whole_number(value, "num")
    return number((given > 0) - (given < 0))


def _extreme(largest: bool) -> Implementation:
    def implementation(_: Context, *values: Plain) -> Result:
        if not values:
            raise EvaluationError("must pass at least one number")
        return (max if largest else min)(values, key=number_of)

    return implementation


def total(_: Context, value: Plain) -> Result:
    """`sum(list)`."""
    elements = items(value) if isinstance(value, Known) and isinstance(value.data, tuple) else None
    if elements is None:
        raise invalid("list", "argument must be list, set, or tuple. Received something else")
    if not elements:
        raise invalid("list", "cannot sum an empty list")
    result: numbers.Number = 0
    for item in elements:
        converted = convert(item, NUMBER)
        if not isinstance(converted, Known) or converted.data is None:
            raise invalid("list", "argument must be list, set, or tuple of number values")
        try:
            result = numbers.add(result, number_of(converted))
        except numbers.NumberTooLargeError as error:
            raise BoundError(str(error)) from error
    return number(result)


def parseint(_: Context, value: Plain, base: Plain) -> Result:
    """`parseint(string, base)`."""
    if not isinstance(value, Known) or not isinstance(value.data, str):
        raise invalid("number", "first argument must be a string")
    text, radix = text_of(value), whole_number(base, "base")
    if not 2 <= radix <= 62:
        raise invalid("base", "base must be a whole number between 2 and 62 inclusive")
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if radix <= 36:
        digits = digits.lower()
    allowed = _DIGITS[:radix]
    if not digits or any(digit not in allowed for digit in digits):
        raise EvaluationError(f'cannot parse "{text}" as a base {radix} integer')
    if len(digits) > numbers.MAX_EXPONENT:
        raise BoundError(str(numbers.NumberTooLargeError()))
    result = 0
    for digit in digits:
        result = result * radix + allowed.index(digit)
    return Known(NUMBER, -result if text.startswith("-") else result)


_NUM = parameters("num", of=NUMBER)
FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(absolute, _NUM, NUMBER),
    "ceil": Function(_rounding("ceil"), _NUM, NUMBER),
    "floor": Function(_rounding("floor"), _NUM, NUMBER),
    "log": Function(logarithm, parameters("num", "base", of=NUMBER), NUMBER),
    "max": Function(_extreme(True), (), NUMBER, variadic=Parameter("numbers", NUMBER)),
    "min": Function(_extreme(False), (), NUMBER, variadic=Parameter("numbers", NUMBER)),
    "parseint": Function(parseint, (Parameter("number", ANY), Parameter("base", NUMBER)), NUMBER),
    "pow": Function(power, parameters("num", "power", of=NUMBER), NUMBER),
    "signum": Function(signum, _NUM, NUMBER),
    "sum": Function(total, parameters("list", of=ANY), NUMBER),
}
