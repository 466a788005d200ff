"""JSON with positions: every value knows where it stands, at the speed of the standard library's decoder.

The decoder reads a value and says where it ends; who wants to know where the members of an object stand asks for
them, one level at a time. So a plan of 50 MB costs little more than `json.loads`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from cognito_lint.model import Span
from cognito_lint.source import MAX_NESTING, TOO_DEEP, InputError, Source

_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonError(InputError):
    """The text is not JSON."""


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A value and where it stands: `value` is as `json.loads` gives it, with Decimals for what is no integer."""

    value: Any
    start: int
    end: int
    source: Source

    @property
    def span(self) -> Span:
        """Where the value stands."""
        return self.source.span(self.start, self.end)

    def members(self) -> Iterator[JsonMember]:
        """An object's members in the order of the text, a key that is written twice twice; none of anything else."""
        if not isinstance(self.value, dict):
            return
        for child in children(self.source.text, self.start, _DECODER):
            node = JsonNode(child.value, child.start, child.end, self.source)
            yield JsonMember(clean(child.key), child.key_start, child.key_end, node)

    def elements(self) -> Iterator[JsonNode]:
        """An array's elements; none of anything else."""
        if not isinstance(self.value, list):
            return
        for child in children(self.source.text, self.start, _DECODER):
            yield JsonNode(child.value, child.start, child.end, self.source)

    def get(self, key: str) -> JsonNode | None:
        """The value of a member; the last of that name, as `json.loads` takes it."""
        found = None
        if isinstance(self.value, dict) and key in self.value:
            for member in self.members():
                if member.key == key:
                    found = member.node
        return found


@dataclass(frozen=True, slots=True)
class JsonMember:
    """`"key": value` in an object."""

    key: str
    start: int
    key_end: int
    node: JsonNode

    @property
    def span(self) -> Span:
        """Where the key stands."""
        return self.node.source.span(self.start, self.key_end)

    @property
    def whole(self) -> Span:
        """From the key to the end of the value."""
        return self.node.source.span(self.start, self.node.end)


def scan(text: str, path: str) -> JsonNode:
    """The one value that `text` is. Raises JsonError."""
    node = _scan_one(Source(path, text), 0)
    rest = skip(text, node.end)
    if rest < len(text):
        raise JsonError(node.source.span(rest, rest + 1), "the JSON has ended, but more text follows")
    return node


def scan_stream(text: str, path: str) -> Iterator[JsonNode]:
    """The values that stand one after the other in `text`. Raises JsonError."""
    source, position = Source(path, text), skip(text, 0)
    while position < len(text):
        node = _scan_one(source, position)
        yield node
        position = skip(text, node.end)


class Child(NamedTuple):
    """A member or element of a container: its value, and where value and key stand; no key in an array."""

    key: str
    key_start: int
    key_end: int
    value: Any
    start: int
    end: int


def children(text: str, start: int, decoder: json.JSONDecoder) -> Iterator[Child]:
    """What the object or array that starts at `start` holds, in order; the text is known to be good JSON."""
    closing = "}" if text[start] == "{" else "]"
    position = skip(text, start + 1)
    while text[position] != closing:
        key, key_start, key_end = "", position, position
        if closing == "}":
            key, key_end = decoder.raw_decode(text, position)
            position = skip(text, skip(text, key_end) + 1)
        value, end = decoder.raw_decode(text, position)
        yield Child(key, key_start, key_end, value, position, end)
        position = skip(text, end)
        if text[position] == ",":
            position = skip(text, position + 1)


def clean(text: str) -> str:
    """The text without halves of surrogate pairs, which no encoding can write."""
    return _SURROGATE.sub("\ufffd", text)


def _scan_one(source: Source, position: int) -> JsonNode:
    start = skip(source.text, position)
    try:
        value, end = _DECODER.raw_decode(source.text, start)
    except json.JSONDecodeError as error:
        place = source.span(error.pos, error.pos + 1)
        raise JsonError(place, f"the file is not JSON: {error.msg[:1].lower()}{error.msg[1:]}") from error
    except RecursionError as error:
        raise JsonError(source.span(start, start + 1), TOO_DEEP) from error
    except ValueError as error:
        raise JsonError(source.span(start, start + 1), f"the file is not JSON: {error}") from error
    if deeper_than(MAX_NESTING, value):
        raise JsonError(source.span(start, start + 1), TOO_DEEP)
    return JsonNode(value, start, end, source)


def deeper_than(bound: int, value: Any) -> bool:
    """Whether lists and objects stand in one another in more than `bound` levels; asked without recursion."""
    level = [value]
    for _ in range(bound):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ())
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def skip(text: str, position: int) -> int:
    """The first position that holds no white space, from `position` on."""
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _integer(text: str) -> int:
    if len(text) > 1_000:
        raise ValueError("a number has more than 1,000 digits")
    return int(text)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=_integer, parse_constant=_refuse)
