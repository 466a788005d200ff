"""Dates: timestamps are RFC 3339 texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from cognito_lint.terraform.functions.base import Context, Function, parameters, text_of
from cognito_lint.terraform.types import NUMBER, STRING
from cognito_lint.terraform.values import BoundError, EvaluationError, Plain, Result, number, string

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,30}))?(?:Z|([-+])(\d\d):(\d\d))\Z", re.ASCII
)
_DURATION = re.compile(r"(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_WHAT = {
    "Y": 'year must either be "YY" or "YYYY"',
    "M": 'month must be "M", "MM", "MMM", or "MMMM"',
    "D": 'day of month must either be "D" or "DD"',
    "E": 'day of week must either be "EEE" or "EEEE"',
    "Z": "timezone must be Z, ZZZZ, or ZZZZZ",
}


@dataclass(frozen=True, slots=True)
class _Moment:
    local: datetime
    nanoseconds: int
    offset: int  # in minutes

    def universal(self) -> tuple[datetime, int]:
        return self.local - timedelta(minutes=self.offset), self.nanoseconds


def _parse(text: str) -> _Moment:
    found = _RFC3339.match(text)
    if found is None:
        raise EvaluationError(f'not a valid RFC3339 timestamp: "{text}"')
    numbers = [int(group) for group in found.groups()[:6]]
    nanoseconds = int((found[7] or "").ljust(9, "0")[:9])
    offset = 0
    if found[8]:
        if int(found[9]) > 23 or int(found[10]) > 59:
            raise EvaluationError(f'not a valid RFC3339 timestamp: "{text}"')
        offset = (int(found[9]) * 60 + int(found[10])) * (-1 if found[8] == "-" else 1)
    if numbers[0] == 0:
        raise BoundError("a timestamp lies before the year 1")
    try:
        return _Moment(datetime(*numbers), nanoseconds, offset)  # type: ignore[arg-type]
    except ValueError as error:
        raise EvaluationError(f'not a valid RFC3339 timestamp: "{text}": {error}') from error


def _duration(text: str) -> int:
    """Nanoseconds of Go's notation: `1h30m`, `-1.5s`."""
    error = EvaluationError(f'time: invalid duration "{text}"')
    sign = -1 if text.startswith("-") else 1
    rest = text[1:] if text[:1] in {"-", "+"} else text
    if rest == "0":
        return 0
    if not rest:
        raise error
    total, position = Fraction(0), 0
    while position < len(rest):
        found = _DURATION.match(rest, position)
        if found is None or not (found[1] or found[2]) or len(found[0]) > 60:
            raise error
        amount = Fraction(int(found[1] or "0")) + Fraction(int(found[2] or "0"), 10 ** len(found[2] or ""))
        total += amount * _UNITS[found[3]]
        position = found.end()
    if total > 2**63 - 1:
        raise error
    return sign * int(total)


def timeadd(_: Context, timestamp: Plain, duration: Plain) -> Result:
    """`timeadd(timestamp, duration)`."""
    moment = _parse(text_of(timestamp))
    seconds, nanoseconds = divmod(moment.nanoseconds + _duration(text_of(duration)), 10**9)
    try:
        moved = _Moment(moment.local + timedelta(seconds=seconds), nanoseconds, moment.offset)
    except OverflowError as error:
        raise BoundError("a timestamp lies outside the years 1 to 9999") from error
    return string(f"{moved.local.strftime('%Y-%m-%dT%H:%M:%S').rjust(19, '0')}{_zone(moved.offset, 'Z', ':')}")


def timecmp(_: Context, one: Plain, other: Plain) -> Result:
    """`timecmp(a, b)`."""
    try:
        left, right = _parse(text_of(one)).universal(), _parse(text_of(other)).universal()
    except OverflowError as error:
        raise BoundError("a timestamp lies outside the years 1 to 9999") from error
    return number((left > right) - (left < right))


def formatdate(_: Context, template: Plain, timestamp: Plain) -> Result:
    """`formatdate(format, timestamp)`."""
    text, moment = text_of(template), _parse(text_of(timestamp))
    parts, position = [], 0
    while position < len(text):
        letter = text[position]
        end = position + 1
        if letter == "'":
            quoted, position = _quoted(text, position)
            parts.append(quoted)
            continue
        if letter.isascii() and letter.isalpha():
            while end < len(text) and text[end] == letter:
                end += 1
            parts.append(_verb(letter, end - position, moment))
        else:
            parts.append(letter)
        position = end
    return string("".join(parts))


def _quoted(text: str, start: int) -> tuple[str, int]:
    if text.startswith("''", start):
        return "'", start + 2
    literal, position = [], start + 1
    while position < len(text):
        if text.startswith("''", position):
            literal.append("'")
            position += 2
        elif text[position] == "'":
            return "".join(literal), position + 1
        else:
            literal.append(text[position])
            position += 1
    raise EvaluationError("unterminated literal '")


def _verb(letter: str, size: int, moment: _Moment) -> str:
    verb = letter * size
    if letter in "YMDhHms" and size <= 2 and not (letter == "Y" and size == 1):
        when = moment.local
        value = {"Y": when.year % 100, "M": when.month, "D": when.day, "h": when.hour, "H": when.hour % 12 or 12}
        value |= {"m": when.minute, "s": when.second}
        return f"{value[letter]:0{size}}"
    written = _words(moment).get(verb)
    if written is None:
        reason = f": {_WHAT[letter]}" if letter in _WHAT else ""
        raise EvaluationError(f'invalid date format verb "{verb}"{reason}')
    return written


def _words(moment: _Moment) -> dict[str, str]:
    when = moment.local
    month, day, half = _MONTHS[when.month - 1], _DAYS[when.weekday()], "PM" if when.hour >= 12 else "AM"
    return {
        "YYYY": f"{when.year:04}",
        "MMM": month[:3],
        "MMMM": month,
        "EEE": day[:3],
        "EEEE": day,
        "AA": half,
        "aa": half.lower(),
        "Z": _zone(moment.offset, "Z", ":"),
        "ZZZ": _zone(moment.offset, "UTC", ""),
        "ZZZZ": _zone(moment.offset, "+0000", ""),
        "ZZZZZ": _zone(moment.offset, "+00:00", ":"),
    }


def _zone(offset: int, universal: str, colon: str) -> str:
    if offset == 0:
        return universal
    return f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}{colon}{abs(offset) % 60:02}"


FUNCTIONS: Mapping[str, Function] = {
    "formatdate": Function(formatdate, parameters("format", "time", of=STRING), STRING),
    "timeadd": Function(timeadd, parameters("timestamp", "duration", of=STRING), STRING),
    "timecmp": Function(timecmp, parameters("timestamp_a", "timestamp_b", of=STRING), NUMBER),
}
