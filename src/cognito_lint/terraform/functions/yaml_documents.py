"""YAML, read as Terraform does; `yaml_writer` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cognito_lint.terraform import numbers
from cognito_lint.terraform.functions.base import (
    MAX_ELEMENTS,
    Context,
    Function,
    Parameter,
    bounded,
    parameters,
    text_of,
)
from cognito_lint.terraform.functions.json_documents import to_json
from cognito_lint.terraform.types import ANY, STRING
from cognito_lint.terraform.unification import show
from cognito_lint.terraform.values import (
    MAX_NESTING,
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    boolean,
    null,
    number,
    object_of,
    string,
    tuple_of,
    type_of,
)

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
    "yamldecode": Function(yamldecode, parameters("src", of=STRING), nullable=True),
    "yamlencode": Function(yamlencode, (Parameter("value", ANY, null=True),), STRING),
}
