"""Terraform's arithmetic: binary floating point numbers of 512 bits, written in the fewest digits that name them.

A number is an int, or a Decimal that holds those fewest digits. Part of the stage "resolve".
https://developer.hashicorp.com/terraform/language/expressions/types#numbers
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | Decimal

PRECISION = 512
MAX_EXPONENT = 4_000
INFINITY = Decimal("Infinity")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?\Z", re.ASCII)


class NumberTooLargeError(Exception):
    """A number has more digits than are followed; the message says so as the reason of an unknown value."""

    def __init__(self) -> None:
        super().__init__(f"a number has more than the bound of {MAX_EXPONENT:,} digits")


def parse(text: str) -> Number | None:
    """The number that a string converts to, or None. Raises NumberTooLargeError."""
    if not _NUMBER.match(text):
        return None
    return normal(Decimal(text))


def normal(number: Number) -> Number:
    """`number` as Terraform holds it: rounded to 512 bits, an int where it is whole. Raises NumberTooLargeError."""
    if isinstance(number, int):
        return number if number.bit_length() <= PRECISION else _rounded(Fraction(number))
    if not number.is_finite():
        return number
    if not number:
        return 0
    if abs(number.adjusted()) > MAX_EXPONENT or len(number.as_tuple().digits) > MAX_EXPONENT:
        raise NumberTooLargeError
    if number == number.to_integral_value():
        return normal(int(number))
    sign, digits, exponent = number.as_tuple()
    if len(digits) <= 150:
        # So few digits always name one number of 512 bits, and are the fewest that do but for zeros at the end.
        written = "".join(map(str, digits)).rstrip("0")
        return Decimal((sign, tuple(map(int, written)), int(exponent) + len(digits) - len(written)))
    return _rounded(Fraction(number))


def binary(number: Number) -> Fraction:
    """The exact 512-bit number that `number` names."""
    fraction = Fraction(number)
    return fraction if _is_exact(fraction) else _round_binary(fraction)


def add(one: Number, other: Number) -> Number:
    """The sum."""
    if _infinite(one, other):
        return _extended(Decimal(one) + Decimal(other))
    if isinstance(one, int) and isinstance(other, int):
        return normal(one + other)
    return _rounded(binary(one) + binary(other))


def subtract(one: Number, other: Number) -> Number:
    """The difference."""
    return add(one, negate(other))


def negate(number: Number) -> Number:
    """The number with the other sign: Python's minus would round a Decimal to the digits of its context."""
    return number.copy_negate() if isinstance(number, Decimal) else -number


def multiply(one: Number, other: Number) -> Number:
    """The product."""
    if _infinite(one, other):
        return _extended(Decimal(one) * Decimal(other))
    if isinstance(one, int) and isinstance(other, int):
        return normal(one * other)
    return _rounded(binary(one) * binary(other))


def divide(one: Number, other: Number) -> Number:
    """The quotient; infinite for a division by zero, as in Terraform. Raises ArithmeticError for zero by zero."""
    if other == 0:
        if one == 0:
            raise ArithmeticError("can't divide zero by zero or infinity by infinity")
        return INFINITY if one > 0 else -INFINITY
    if _infinite(one, other):
        return _extended(Decimal(one) / Decimal(other))
    return _rounded(binary(one) / binary(other))


def remainder(one: Number, other: Number) -> Number:
    """The remainder, with the sign of the dividend."""
    if other == 0 or _infinite(other):
        return one
    if _infinite(one):
        raise ArithmeticError("can't divide an infinity")
    quotient = binary(divide(one, other))
    whole = abs(quotient).__floor__()
    return subtract(one, multiply(normal(-whole if quotient < 0 else whole), other))


def text(number: Number) -> str:
    """`number` as Terraform writes it into a string: no exponent, as few digits as name it."""
    if isinstance(number, Decimal) and not number.is_finite():
        return "-Inf" if number < 0 else "+Inf"
    if isinstance(number, int) and number.bit_length() > PRECISION:
        number = _fewest_digits(number)
    return format(Decimal(number), "f")


def _fewest_digits(number: int) -> int:
    """The whole number of the most zeros at its end that is this one once rounded to 512 bits."""
    magnitude = abs(number)
    half = 1 << (magnitude.bit_length() - PRECISION - 1)
    for zeros in range(Decimal(magnitude).adjusted(), 0, -1):
        scale = int(10**zeros)
        near = round(Fraction(magnitude, scale)) * scale
        if abs(near - magnitude) < half:
            return -near if number < 0 else near
    return number


def _infinite(*numbers: Number) -> bool:
    return any(isinstance(number, Decimal) and not number.is_finite() for number in numbers)


def _extended(number: Decimal) -> Number:
    return number if number.is_infinite() else 0


def _is_exact(fraction: Fraction) -> bool:
    denominator = fraction.denominator
    return denominator & (denominator - 1) == 0 and fraction.numerator.bit_length() <= PRECISION


def _exponent(fraction: Fraction) -> int:
    """The exponent of the last of 512 bits."""
    size = fraction.numerator.bit_length() - fraction.denominator.bit_length()
    if abs(fraction) < Fraction(2) ** size:
        size -= 1
    return size - PRECISION + 1


def _round_binary(fraction: Fraction) -> Fraction:
    unit = Fraction(2) ** _exponent(fraction)
    return round(fraction / unit) * unit


def _rounded(fraction: Fraction) -> Number:
    """The exact result of an operation, rounded to 512 bits and written in the fewest digits."""
    if not fraction:
        return 0
    exact = fraction if _is_exact(fraction) else _round_binary(fraction)
    if exact.denominator == 1:
        if exact.numerator.bit_length() > MAX_EXPONENT * 3:
            raise NumberTooLargeError
        return exact.numerator
    unit = Fraction(2) ** _exponent(exact)
    magnitude = abs(exact)
    lower, upper = magnitude - unit / 2, magnitude + unit / 2
    position = len(str(magnitude.__floor__())) if magnitude >= 1 else -_leading_zeros(magnitude)
    if position < -MAX_EXPONENT:
        raise NumberTooLargeError
    for places in range(max(1, 150 - position) if not _is_short(magnitude) else 1, PRECISION * 4):
        scale = 10**places
        near = round(magnitude * scale)
        if lower < Fraction(near, scale) < upper:
            return _decimal(near, places, exact < 0)
    return _decimal(round(magnitude * 10**160), 160, exact < 0)


def _is_short(magnitude: Fraction) -> bool:
    """Whether so few decimal digits might do that they are worth looking for from the start."""
    scaled = magnitude * 10**120
    return abs(scaled - round(scaled)) * 10**20 < 1


def _leading_zeros(magnitude: Fraction) -> int:
    zeros = 0
    while magnitude * 10 < 1:
        magnitude *= 10
        zeros += 1
    return zeros


def _decimal(digits: int, places: int, negative: bool) -> Number:
    """digits / 10**places without zeros at the end."""
    while places > 0 and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    if places == 0:
        return -digits if negative else digits
    return Decimal((1 if negative else 0, tuple(map(int, str(digits))), -places))
