"""JSON and YAML, read and written as Terraform does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cognito_lint.terraform import numbers
from cognito_lint.terraform.functions.base import (
    MAX_ELEMENTS,
    MAX_TEXT,
    Context,
    Function,
    Parameter,
    bounded,
    parameters,
    text_of,
)
from cognito_lint.terraform.unification import show
from cognito_lint.terraform.values import (
    ANY,
    MAX_NESTING,
    STRING,
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    boolean,
    from_python,
    null,
    number,
    object_of,
    plain,
    string,
    tuple_of,
    type_of,
)

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_INTEGER = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(Z|[-+]\d\d:\d\d)?\Z", re.ASCII
)
_WORDS: Mapping[str, bool | Decimal | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), numbers.INFINITY),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -numbers.INFINITY),
}


# ---- JSON ----------------------------------------------------------------------------------------------------------


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


# ---- YAML ----------------------------------------------------------------------------------------------------------


def yamlencode(_: Context, value: Plain) -> Result:
    """`yamlencode(value)`."""
    from cognito_lint.terraform.functions.yaml_writer import write

    return bounded(write(value))


def yamldecode(_: Context, value: Plain) -> Result:
    """`yamldecode(string)`: one document; scalars mean what Terraform's own YAML library says."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Composer(yaml, yaml.parse(text_of(value), Loader=loader)).document()
    except yaml.YAMLError as error:
        raise EvaluationError(f"invalid YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise BoundError(f"a document is nested deeper than the bound of {MAX_NESTING}") from error


class _Composer:
    """Values from the events of YAML's parser. Aliases count with all that they stand for."""

    def __init__(self, yaml: Any, events: Iterator[Any]) -> None:
        self._yaml = yaml
        self._events = events
        self._anchors: dict[str, tuple[Known, int]] = {}
        self._count = 0

    def document(self) -> Known:
        next(self._events)
        first = next(self._events)
        if isinstance(first, self._yaml.StreamEndEvent):
            raise EvaluationError("invalid YAML: missing document")
        value = self._value(next(self._events), 0)
        next(self._events)
        if not isinstance(next(self._events), self._yaml.StreamEndEvent):
            raise EvaluationError("invalid YAML: unexpected extra content after value")
        return value

    def _spend(self, nodes: int) -> None:
        self._count += nodes
        if self._count > MAX_ELEMENTS:
            raise BoundError(f"a document has more than the bound of {MAX_ELEMENTS:,} nodes")

    def _value(self, event: Any, depth: int) -> Known:
        if depth > MAX_NESTING:
            raise BoundError(f"a document is nested deeper than the bound of {MAX_NESTING}")
        if isinstance(event, self._yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise EvaluationError(f"invalid YAML: undefined alias {event.anchor}")
            value, nodes = self._anchors[event.anchor]
            self._spend(nodes)
            return value
        before = self._count
        self._spend(1)
        if isinstance(event, self._yaml.SequenceStartEvent):
            _collection(event, "seq")
            value = self._sequence(depth)
        elif isinstance(event, self._yaml.MappingStartEvent):
            _collection(event, "map")
            value = self._mapping(depth)
        else:
            value = _scalar(event)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._count - before)
        return value

    def _sequence(self, depth: int) -> Known:
        elements = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            elements.append(self._value(event, depth + 1))
        return tuple_of(elements)

    def _mapping(self, depth: int) -> Known:
        entries: dict[str, Result] = {}
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            key = None if self._is_merge(event) else self._value(event, depth + 1)
            value = self._value(next(self._events), depth + 1)
            if key is None:
                entries.update(_merged(value))
            elif isinstance(key.data, str):
                entries[key.data] = value
            elif isinstance(key.data, bool | int | Decimal):
                entries[to_json(key)] = value
            else:
                raise EvaluationError("invalid YAML: a mapping's key must be a string, a number or a bool")
        return object_of(entries)

    def _is_merge(self, event: Any) -> bool:
        """Whether a key is `<<`, quoted or not."""
        if not isinstance(event, self._yaml.ScalarEvent):
            return False
        return event.tag == "tag:yaml.org,2002:merge" or (event.tag is None and event.value == "<<")


def _merged(value: Known) -> Mapping[str, Result]:
    """What `<<` adds: as in go-cty-yaml it wins over what stands before it and yields to what stands after it, and of a
    list the last one wins (OpenTofu's version; Terraform's still refuses a list)."""
    entries: dict[str, Result] = {}
    for source in value.data if isinstance(value.data, tuple) else (value,):
        if not isinstance(source, Known) or not isinstance(source.data, Mapping):
            raise EvaluationError(f"invalid YAML: cannot merge {show(type_of(source))} into mapping")
        entries.update(source.data)
    return entries


def _collection(event: Any, tag: str) -> None:
    if event.tag not in {None, f"tag:yaml.org,2002:{tag}"}:
        raise EvaluationError(f"invalid YAML: cannot interpret what is tagged {event.tag} as a {tag}")


def _scalar(event: Any) -> Known:
    text: str = event.value
    tag = (event.tag or "").replace("tag:yaml.org,2002:", "!!")
    if tag not in {"", "!", "!!str", "!!binary", "!!bool", "!!int", "!!float", "!!null", "!!timestamp"}:
        raise EvaluationError(f"invalid YAML: unsupported tag {tag}")
    if tag in {"!!str", "!!binary", "!"} or event.style in {"'", '"'} or (not tag and event.style in {"|", ">"}):
        return string(text)
    if text in _WORDS:
        word = _WORDS[text]
        return null() if word is None else boolean(word) if isinstance(word, bool) else number(word)
    if not tag and text in {".nan", ".NaN", ".NAN"}:
        raise EvaluationError("invalid YAML: floating point NaN is not supported")
    moment = _moment(text) if tag in {"", "!!timestamp"} else None
    if moment is not None:
        return string(moment)
    resolved = _number(text)
    if resolved is not None:
        return resolved
    if tag in {"!!bool", "!!int", "!!float", "!!timestamp"}:
        raise EvaluationError(f"invalid YAML: cannot parse {text} as {tag}")
    return null() if tag == "!!null" else string(text)


def _number(text: str) -> Known | None:
    try:
        if _FLOAT.match(text):
            parsed = numbers.parse(text)
            return None if parsed is None else number(parsed)
    except numbers.NumberTooLargeError as error:
        raise BoundError(str(error)) from error
    return number(int(text, 0)) if _INTEGER.match(text) else None


def _moment(text: str) -> str | None:
    """A timestamp as RFC 3339 writes it."""
    import datetime

    found = _DATE.match(text) or _TIME.match(text)
    if found is None:
        return None
    groups = found.groups()
    zone = groups[6] if len(groups) > 3 else None
    if len(groups) > 3 and (zone is None) != (text[found.end(3)] == " "):
        return None
    try:
        when = datetime.datetime(*(int(group) for group in groups[:6]))  # type: ignore[arg-type]
    except ValueError:
        return None
    return f"{when.strftime('%Y-%m-%dT%H:%M:%S').rjust(19, '0')}{zone or 'Z'}"


FUNCTIONS: Mapping[str, Function] = {
    "jsondecode": Function(jsondecode, parameters("str", of=STRING), nullable=True),
    "jsonencode": Function(jsonencode, (Parameter("val", ANY, null=True),), STRING),
    "yamldecode": Function(yamldecode, parameters("src", of=STRING), nullable=True),
    "yamlencode": Function(yamlencode, (Parameter("value", ANY, null=True),), STRING),
}
