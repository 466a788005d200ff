"""JSON → nodes: part of the stage "read".

The standard library's parser gives the meaning at its own speed; positions are found by scanning again, container by
container, and only around the nodes that a report shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cognito_lint.cloudformation.nodes import Entry, ListNode, MapNode, Node, ScalarNode
from cognito_lint.cloudformation.source import Source
from cognito_lint.json_source import children, deeper_than, skip
from cognito_lint.model import Span
from cognito_lint.source import MAX_NESTING, TOO_DEEP

_DECODER = json.JSONDecoder()


class _Repeated(dict[str, Any]):
    """An object with a key that is written twice; the last one stands."""


def read(source: Source) -> Node:
    """The tree of a JSON text. Raises UnreadableError."""
    try:
        content = json.loads(source.text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        source.fail(error.pos, f"the file is not JSON: {_sentence(error.msg)}")
    except RecursionError:
        source.fail(0, TOO_DEEP)
    except ValueError as error:  # an integer past Python's limit of digits
        source.fail(0, f"the file is not JSON that can be read: {_sentence(str(error))}")
    if deeper_than(MAX_NESTING, content):
        source.fail(0, TOO_DEEP)
    return _node(source, content, lambda: skip(source.text, 0))


def _sentence(message: str) -> str:
    return message[:1].lower() + message[1:]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    return content if len(content) == len(pairs) else _Repeated(content)


def _node(source: Source, content: object, start: Callable[[], int], parent: _Positions | None = None) -> Node:
    if isinstance(content, dict):
        return _mapping(source, content, start, parent)
    if isinstance(content, list):
        return _list(source, content, start, parent)
    if content is None or isinstance(content, str | bool | int | float):
        return ScalarNode(lambda: _span(source, start()), content)
    raise TypeError(type(content))


def _span(source: Source, start: int) -> Span:
    return source.span(start, _end(source.text, start))


def _end(text: str, start: int) -> int:
    _, end = _DECODER.raw_decode(text, start)
    return end


class _Positions:
    """Where the children of one container stand, found when first asked.

    `find` is where the container starts once its parent's children are found.
    """

    __slots__ = ("_source", "find", "found", "parent")

    def __init__(self, source: Source, find: Callable[[], int], parent: _Positions | None) -> None:
        self._source = source
        self.find = find
        self.parent = parent
        self.found: list[tuple[str, int, int]] | None = None

    def all(self) -> list[tuple[str, int, int]]:
        """For each child its key ("" in a list), where the key starts, and where the value starts."""
        if self.found is None:
            # from the outside in, without recursion: who asks may already stand deep in an evaluation
            lacking: list[_Positions] = []
            container: _Positions | None = self
            while container is not None and container.found is None:
                lacking.append(container)
                container = container.parent
            for container in reversed(lacking):
                text = self._source.text
                found = children(text, container.find(), _DECODER)
                container.found = [(child.key, child.key_start, child.start) for child in found]
        return self.found or []

    def last(self, key: str) -> tuple[str, int, int]:
        return next(child for child in reversed(self.all()) if child[0] == key)


def _mapping(source: Source, content: dict[str, Any], start: Callable[[], int], parent: _Positions | None) -> MapNode:
    positions = _Positions(source, start, parent)

    def key_place(key: str) -> Callable[[], Span]:
        return lambda: _span(source, positions.last(key)[1])

    def value_start(key: str) -> Callable[[], int]:
        return lambda: positions.last(key)[2]

    def entries() -> dict[str, Entry]:
        if isinstance(content, _Repeated):
            seen: dict[str, tuple[int, int]] = {}
            for key, at, value in positions.all():
                if key in seen:
                    place, first = seen[key]
                    stretches = ((start, _end(source.text, start)) for start in (first, value))
                    source.repeated(key, _span(source, place), *stretches)
                seen[key] = at, value
        return {
            key: Entry(key_place(key), _node(source, value, value_start(key), positions))
            for key, value in content.items()
        }

    return MapNode(lambda: _span(source, start()), entries)


def _list(source: Source, content: list[Any], start: Callable[[], int], parent: _Positions | None) -> ListNode:
    positions = _Positions(source, start, parent)

    def item_start(index: int) -> Callable[[], int]:
        return lambda: positions.all()[index][2]

    def items() -> tuple[Node, ...]:
        return tuple(_node(source, item, item_start(index), positions) for index, item in enumerate(content))

    return ListNode(lambda: _span(source, start()), items)
