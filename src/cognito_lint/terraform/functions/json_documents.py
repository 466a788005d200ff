"""JSON, read and written as Terraform does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from cognito_lint.terraform import numbers
from cognito_lint.terraform.functions.base import (
    MAX_TEXT,
    Context,
    Function,
    Parameter,
    bounded,
    parameters,
    text_of,
)
from cognito_lint.terraform.types import ANY, STRING
from cognito_lint.terraform.values import (
    MAX_NESTING,
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    from_python,
    plain,
    string,
)

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def to_json(value: Plain | str) -> str:
    """JSON as Go writes it: no spaces, HTML's special characters escaped. Raises BoundError."""
    parts: list[str] = []
    _write_json(string(value) if isinstance(value, str) else value, parts, 0)
    return "".join(parts)


def _write_json(value: Plain, parts: list[str], depth: int) -> None:
    if depth > MAX_NESTING or len(parts) > MAX_TEXT:
        raise BoundError("a document is larger or nested deeper than what is followed")
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, tuple):
        for index, item in enumerate(data):
            parts.append("," if index else "[")
            _write_json(plain(item), parts, depth + 1)
        parts.append("]" if data else "[]")
    elif isinstance(data, Mapping):
        for index, (key, item) in enumerate(data.items()):
            parts += ("," if index else "{", _json_text(key), ":")
            _write_json(plain(item), parts, depth + 1)
        parts.append("}" if data else "{}")
    elif isinstance(data, str):
        parts.append(_json_text(data))
    elif isinstance(data, bool) or data is None:
        parts.append({True: "true", False: "false", None: "null"}[data])
    elif isinstance(data, Decimal) and not data.is_finite():
        raise EvaluationError("cannot serialize infinity as JSON")
    else:
        parts.append(numbers.text(data))


def _json_text(text: str) -> str:
    return "".join(_HTML.get(letter, letter) for letter in json.dumps(text, ensure_ascii=False))


def jsonencode(_: Context, value: Plain) -> Result:
    """`jsonencode(value)`."""
    return bounded(to_json(value))


def jsondecode(_: Context, value: Plain) -> Result:
    """`jsondecode(string)`."""
    text = text_of(value)
    try:
        data = json.loads(text, parse_float=_json_number, parse_int=_json_number, parse_constant=_refused)
    except RecursionError as error:
        raise BoundError(f"a document is nested deeper than the bound of {MAX_NESTING}") from error
    except numbers.NumberTooLargeError as error:
        raise BoundError(str(error)) from error
    except ValueError as error:
        raise EvaluationError(f"invalid JSON: {error}") from error
    return from_python(data)


def _json_number(text: str) -> int | Decimal:
    parsed = numbers.parse(text)
    if parsed is None:
        raise ValueError(f"{text} is not a number")
    return parsed


def _refused(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


FUNCTIONS: Mapping[str, Function] = {
    "jsondecode": Function(jsondecode, parameters("str", of=STRING), nullable=True),
    "jsonencode": Function(jsonencode, (Parameter("val", ANY, null=True),), STRING),
}
