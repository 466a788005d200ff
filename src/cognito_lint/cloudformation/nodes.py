"""The tree of a template, the same for YAML and JSON, short and long forms: part of the stage "read".

Nodes are built when they are first looked at, and know where they stand when first asked: of a template of a megabyte,
an evaluation touches a few dozen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint.model import Span

Place: TypeAlias = "Span | Callable[[], Span]"
Entries: TypeAlias = "Mapping[str, Entry]"


class Node:
    """Anything in a template. `span` is computed when first read."""

    __slots__ = ("_place",)

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def span(self) -> Span:
        """Where the node stands."""
        if not isinstance(self._place, Span):
            self._place = self._place()
        return self._place


class ScalarNode(Node):
    """Text, a number, a Boolean or null. `written` is the source of an unquoted YAML Boolean such as OFF."""

    __slots__ = ("content", "written")

    def __init__(self, place: Place, content: str | bool | int | float | None, written: str | None = None) -> None:
        self._place = place
        self.content = content
        self.written = written


class ListNode(Node):
    """A list."""

    __slots__ = ("_items",)

    def __init__(self, place: Place, items: tuple[Node, ...] | Callable[[], tuple[Node, ...]]) -> None:
        self._place = place
        self._items = items

    @property
    def items(self) -> tuple[Node, ...]:
        """The elements."""
        if not isinstance(self._items, tuple):
            self._items = self._items()
        return self._items


@dataclass(slots=True, eq=False)
class Entry:
    """One key of a mapping: where the key stands, and its value."""

    place: Place
    node: Node

    @property
    def span(self) -> Span:
        """Where the key stands."""
        if not isinstance(self.place, Span):
            self.place = self.place()
        return self.place


def place_of(entry: Entry) -> Callable[[], Span]:
    """Where an entry stands, for one that takes its place: found when first asked."""
    return lambda: entry.span


class MapNode(Node):
    """A mapping, in the order in which it is written."""

    __slots__ = ("_entries",)

    def __init__(self, place: Place, entries: Entries | Callable[[], Entries]) -> None:
        self._place = place
        self._entries = entries

    @property
    def entries(self) -> Entries:
        """The entries by key."""
        if callable(self._entries):
            self._entries = self._entries()
        return self._entries

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        entry = self.entries.get(key)
        return entry.node if entry else None

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return ((key, entry.node) for key, entry in self.entries.items())


EMPTY = MapNode(Span(""), {})
"""A mapping without entries, which stands nowhere."""


class OpaqueNode(Node):
    """Something that the files do not decide, and why; `wrong` if no engine would accept it."""

    __slots__ = ("reason", "wrong")

    def __init__(self, place: Place, reason: str, *, wrong: bool = False) -> None:
        self._place = place
        self.reason = reason
        self.wrong = wrong


def mapping(node: Node | None) -> MapNode | None:
    """The node if it is a mapping."""
    return node if isinstance(node, MapNode) else None


def text_of(node: Node | None) -> str | None:
    """The content of the node if it is text."""
    return node.content if isinstance(node, ScalarNode) and isinstance(node.content, str) else None


def no_name(node: Node, what: str) -> str:
    """Why the node is no name of a condition or the like; `what` completes the sentence for all but Booleans."""
    if isinstance(node, ScalarNode) and isinstance(node.content, bool):
        written = node.written or str(node.content).lower()
        return f"{written} is a Boolean in YAML: write it in quotes where it is a name"
    return what


def is_null(node: Node | None) -> bool:
    """Whether the node is not there or null."""
    return node is None or (isinstance(node, ScalarNode) and node.content is None)


def same_text(node: Node) -> str:
    """A spelling of the node that two nodes share if they say the same. Bounded: what is deeper is cut off."""
    budget = 2_000

    def spell(part: Node, depth: int) -> str:
        nonlocal budget
        budget -= 1
        if budget < 0 or depth > 40:
            return f"@{part.span}"
        if isinstance(part, ScalarNode):
            return repr(part.content)
        if isinstance(part, ListNode):
            return "[" + ",".join(spell(item, depth + 1) for item in part.items) + "]"
        if isinstance(part, MapNode):
            return "{" + ",".join(f"{key!r}:{spell(item, depth + 1)}" for key, item in part) + "}"
        return f"@{part.span}"

    return spell(node, 0)
