"""`format` and `formatlist`: printf in Terraform's words, with Go's verbs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cognito_lint.terraform import numbers
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.functions.base import (
    MAX_ELEMENTS,
    MAX_TEXT,
    Context,
    Function,
    Parameter,
    bounded,
    impossible,
    items,
    number_of,
    text_of,
)
from cognito_lint.terraform.functions.graphemes import grapheme_count, graphemes
from cognito_lint.terraform.functions.json_documents import to_json
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, Type
from cognito_lint.terraform.values import BoundError, EvaluationError, Known, Plain, Result, list_of, plain

_VERB = re.compile(r"%([ +\-#0]*)([1-9][0-9]{0,8})?(?:\.([0-9]{1,9}))?(?:\[([0-9]{1,9})\])?([A-Za-z])")


@dataclass(frozen=True, slots=True)
class _Verb:
    raw: str
    offset: int
    flags: str
    width: int
    precision: int | None
    mode: str

    def unsupported(self, reason: str) -> EvaluationError:
        return EvaluationError(f'unsupported value for "{self.raw}" at {self.offset}: {reason}')


def format_(context: Context, template: Plain, *values: Plain) -> Result:
    """`format(spec, values…)`."""
    if any(map(_is_untyped, values)):
        return _undecided(context)
    return bounded(_formatted(text_of(template), values))


def _is_untyped(value: Plain) -> bool:
    return isinstance(value, Known) and value.data is None and value.type == ANY


def _undecided(context: Context) -> Result:
    """What Terraform makes of a null without a type: it calls no function that does not ask for one, and does not know
    what type would come of it."""
    return impossible(context, ANY, "a null without a type, once formatted, is a value that Terraform never knows")


def _formatted(template: str, values: Sequence[Plain]) -> str:
    parts: list[str] = []
    position, following, used, size = 0, 0, 0, 0
    while (at := template.find("%", position)) >= 0:
        parts.append(template[position:at])
        if template.startswith("%%", at):
            parts.append("%")
            position = at + 2
            continue
        match = _VERB.match(template, at)
        if match is None:
            raise EvaluationError(f"unrecognized format character at offset {at}")
        flags, width, precision, index, mode = match.groups()
        following = int(index) if index else following + 1
        used = max(used, following)
        verb = _Verb(match[0], at, flags, int(width or 0), None if precision is None else int(precision), mode)
        if not 1 <= following <= len(values):
            raise EvaluationError(
                f'not enough arguments for "{verb.raw}" at {at}: need index {following} but have {len(values)} total'
            )
        if max(verb.width, verb.precision or 0) > MAX_TEXT:
            raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
        parts.append(_one(verb, values[following - 1]))
        size += len(parts[-1])
        if size > MAX_TEXT:
            raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
        position = match.end()
    if used < len(values):
        raise EvaluationError(f"too many arguments; only {used} used by format string")
    return "".join((*parts, template[position:]))


def _one(verb: _Verb, value: Plain) -> str:
    if verb.mode == "v":
        return _padded(verb, _as_it_is(verb, value))
    if isinstance(value, Known) and value.data is None:
        raise verb.unsupported("null value cannot be formatted")
    if verb.mode == "t":
        return "true" if _converted(verb, value, BOOL).data else "false"
    if verb.mode in "bdoxX":
        given = number_of(_converted(verb, value, NUMBER))
        if not isinstance(given, int):
            raise verb.unsupported("an integer is required")
        return _integer(verb, given)
    if verb.mode in "eEfgG":
        return _float(verb, number_of(_converted(verb, value, NUMBER)))
    if verb.mode in "sq":
        text = text_of(_converted(verb, value, STRING))
        if verb.precision:
            text = "".join(graphemes(text)[: verb.precision])
        return _padded(verb, to_json(text) if verb.mode == "q" else text)
    raise EvaluationError(f'unsupported format verb "{verb.mode}" in "{verb.raw}" at offset {verb.offset}')


def _converted(verb: _Verb, value: Plain, kind: Type) -> Known:
    try:
        converted = convert(value, kind)
    except EvaluationError as error:
        raise verb.unsupported(str(error)) from error
    assert isinstance(converted, Known)  # noqa: S101 - the arguments are known
    return converted


def _as_it_is(verb: _Verb, value: Plain) -> str:
    if isinstance(value, Known) and "#" not in verb.flags and value.data is not None:
        if isinstance(value.data, str):
            return value.data
        if value.type == NUMBER:
            return general(number_of(value), None)
    return to_json(value)


def _padded(verb: _Verb, text: str) -> str:
    missing = verb.width - grapheme_count(text)
    if missing <= 0:
        return text
    pad = ("0" if "0" in verb.flags else " ") * missing
    return text + pad if "-" in verb.flags else pad + text


def _signed(verb: _Verb, digits: str, negative: bool, prefix: str = "") -> str:
    """A number in its field: the sign before the zeros, the zeros before the digits."""
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    text = sign + prefix + digits
    missing = verb.width - len(text)
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return text + " " * missing
    if "0" in verb.flags and not (verb.precision is not None and verb.mode in "bdoxX"):
        return sign + prefix + "0" * missing + digits
    return " " * missing + text


def _integer(verb: _Verb, given: int) -> str:
    digits = numbers.text(abs(given)) if verb.mode == "d" else format(abs(given), verb.mode)
    if verb.precision is not None:
        digits = "" if verb.precision == 0 and given == 0 else digits.rjust(verb.precision, "0")
    prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb.mode, "") if "#" in verb.flags else ""
    return _signed(verb, digits, given < 0, prefix)


def _float(verb: _Verb, given: int | Decimal) -> str:
    if isinstance(given, Decimal) and not given.is_finite():
        return _signed(verb, "Inf", given < 0)
    magnitude = numbers.negate(given) if given < 0 else given
    mode = verb.mode.lower()
    if mode == "f":
        digits = _fixed(magnitude, 6 if verb.precision is None else verb.precision)
    elif mode == "e":
        digits = _scientific(magnitude, 6 if verb.precision is None else verb.precision)
    else:
        digits = general(magnitude, verb.precision)
    return _signed(verb, digits.upper() if verb.mode in "EG" else digits, given < 0)


def _fixed(number: int | Decimal, places: int) -> str:
    digits = format(Decimal(round(numbers.binary(number) * int(10**places))), "f").rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _exponent(number: int | Decimal) -> int:
    return Decimal(number).adjusted() if number else 0


def _scientific(number: int | Decimal, places: int) -> str:
    exponent = _exponent(number)
    scaled = round(numbers.binary(number) * Fraction(10) ** (places - exponent))
    if len(str(scaled)) > places + 1:
        exponent += 1
        scaled = round(numbers.binary(number) * Fraction(10) ** (places - exponent))
    return _with_exponent(str(scaled).ljust(places + 1, "0"), exponent)


def _with_exponent(digits: str, exponent: int) -> str:
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def general(number: int | Decimal, precision: int | None) -> str:
    """Go's %g: the fewest digits, or `precision` of them; with an exponent if that is large or small."""
    if isinstance(number, Decimal) and not number.is_finite():
        return numbers.text(number)
    sign, magnitude = ("-", numbers.negate(number)) if number < 0 else ("", number)
    exponent = _exponent(magnitude)
    if precision is None:
        digits = "".join(map(str, Decimal(magnitude).as_tuple().digits)).rstrip("0") or "0"
        limit = 6
    else:
        wanted = precision or 1
        written = _scientific(magnitude, wanted - 1)
        mantissa, _, power = written.partition("e")
        digits, exponent = mantissa.replace(".", "").rstrip("0") or "0", int(power)
        limit = len(digits) if wanted > len(digits) >= exponent + 1 else wanted
    if exponent < -4 or exponent >= limit:
        return sign + _with_exponent(digits, exponent)
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{sign}{whole}.{digits[exponent + 1 :]}" if len(digits) > exponent + 1 else sign + whole


def formatlist(context: Context, template: Plain, *values: Plain) -> Result:
    """`formatlist(spec, values…)`: once for each element of the lists among the values."""
    if any(map(_is_untyped, values)):
        return _undecided(context)
    lengths = {len(items(value)) for value in values if _is_list(value)}
    if len(lengths) > 1:
        raise EvaluationError("argument lists have inconsistent lengths")
    if not lengths:
        lengths = {1}
    count = lengths.pop()
    if count > MAX_ELEMENTS:
        raise BoundError(f"a collection has more than the bound of {MAX_ELEMENTS:,} elements")
    made: list[Known] = []
    size = 0
    for index in range(count):
        made.append(_formatted_at(template, values, index))
        size += len(text_of(made[-1]))
        if size > 4 * MAX_TEXT:
            raise BoundError(f"a list's texts are longer than the bound of {4 * MAX_TEXT:,} characters together")
    return list_of(made, STRING)


def _formatted_at(template: Plain, values: Sequence[Plain], index: int) -> Known:
    chosen = [plain(items(value)[index]) if _is_list(value) else value for value in values]
    return bounded(_formatted(text_of(template), chosen))


def _is_list(value: Plain) -> bool:
    return isinstance(value, Known) and isinstance(value.data, tuple)


_FORMAT = (Parameter("format", STRING),)
_ARGUMENTS = Parameter("args", ANY, null=True)
FUNCTIONS: Mapping[str, Function] = {
    "format": Function(format_, _FORMAT, STRING, variadic=_ARGUMENTS),
    "formatlist": Function(formatlist, _FORMAT, Collection("list", STRING), variadic=_ARGUMENTS),
}
