"""`Fn::ForEach`: one entry of a section or of a mapping for each element of a collection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cognito_lint.cloudformation.data import NOTHING, Content, Datum, Failure, OpenText, text
from cognito_lint.cloudformation.nodes import Entry, ListNode, MapNode, Node, ScalarNode, mapping, text_of
from cognito_lint.cloudformation.placeholders import substitute
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.cloudformation.template import LOOP
from cognito_lint.model import Span, Unknown
from cognito_lint.worlds import Choice, both, leaves, lift

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack

MAX_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Expanded:
    """One entry once loops are unrolled. `exists` says in which worlds a loop makes it; it is not `certain` where it
    stands for all that a collection that is not known would make."""

    key: str
    entry: Entry
    scope: Scope
    exists: Choice[bool] = True
    certain: bool = True

    @property
    def node(self) -> Node:
        """The value."""
        return self.entry.node

    @property
    def span(self) -> Span:
        """Where the key stands."""
        return self.entry.span


def expand(stack: Stack, section: MapNode, scope: Scope) -> Iterator[Expanded]:
    """The entries of a mapping with its loops unrolled. Raises TooManyWorldsError."""
    for key, entry in section.entries.items():
        if key.startswith(LOOP):
            yield from _loop(stack, entry.node, scope, True, certain=True, most=MAX_ENTRIES)
        else:
            yield Expanded(key, entry, scope)


def _loop(
    stack: Stack, node: Node, scope: Scope, exists: Choice[bool], *, certain: bool, most: int
) -> Iterator[Expanded]:
    """The entries that a loop makes, `most` at most; past it one stands for all, as with an unknown collection."""
    scope = scope.deeper()
    items = node.items if isinstance(node, ListNode) else ()
    body = mapping(items[2]) if len(items) == 3 else None
    variable = text_of(items[0]) if items else None
    if body is None or variable is None:
        stack.reject(node, "Fn::ForEach takes a variable's name, a collection, and a mapping to repeat")
        return
    if not stack.template.extended:
        stack.reject(node, "Fn::ForEach needs Transform: AWS::LanguageExtensions")
    collection = _collection(stack, items[1], scope)
    elements = _elements(collection)
    if len(elements) > most:
        reason = f"Fn::ForEach makes more than {MAX_ENTRIES:,} entries, the bound to which it is followed"
        elements = [(Datum(Unknown(reason)), True)]
    most //= max(len(elements), 1)
    for element, within in elements:
        stack.deployment.count()
        inner = replace(scope, bindings={**scope.bindings, variable: element})
        known = not isinstance(element.content, Unknown)
        present = both(exists, within)
        for key, entry in body.entries.items():
            if key.startswith(LOOP):
                yield from _loop(stack, entry.node, inner, present, certain=certain and known, most=most)
            else:
                yield Expanded(_key(key, entry.node, inner), entry, inner, present, certain and known)


def _collection(stack: Stack, node: Node, scope: Scope) -> Choice[Datum]:
    """The elements: a list, in which each item may itself be a list."""
    choice = stack.evaluate(node, scope)

    def flat(datum: Datum) -> Datum:
        content = datum.content
        if not isinstance(content, tuple):
            return datum
        parts: list[Datum] = []
        for part in content:
            parts += part.content if isinstance(part.content, tuple) else [part]
        return replace(datum, content=tuple(parts))

    return lift(flat, choice)


def _elements(collection: Choice[Datum]) -> list[tuple[Datum, Choice[bool]]]:
    """Each element that the collection has in some world, and the worlds in which it has it."""
    seen: dict[str, Datum] = {}
    unknown: Datum | None = None
    for leaf in leaves(collection):
        content = leaf.content
        if isinstance(content, tuple):
            for part in content:
                if isinstance(part.content, str | bool | int | float):
                    seen.setdefault(text(part.content), part)
                else:
                    unknown = _undecided(part.content, part)
        elif not isinstance(content, Failure):
            unknown = _undecided(content, leaf)
    if len(seen) > MAX_ENTRIES:  # which worlds have which of them does not matter then
        return [(part, True) for part in seen.values()]
    found: list[tuple[Datum, Choice[bool]]] = []
    for name, part in seen.items():
        found.append((part, lift(lambda datum, name=name: _holds(datum.content, name), collection)))
    if unknown is not None:
        found.append((unknown, True))
    return found


def _undecided(content: Content, datum: Datum) -> Datum:
    if isinstance(content, Unknown | OpenText):
        return replace(datum, content=Unknown(content.reason))
    return replace(datum, content=Unknown("the collection of a Fn::ForEach is not known"))


def _holds(content: Content, name: str) -> bool:
    if not isinstance(content, tuple):
        return False
    return any(isinstance(part.content, str | bool | int | float) and text(part.content) == name for part in content)


def _key(key: str, node: Node, scope: Scope) -> str:
    """The output key with the loop variables put in; an unknown one stays as it is written."""
    known = {name: value for name, value in scope.bindings.items() if not _is_unknown(value)}
    made = substitute(key, ScalarNode(lambda: node.span, key), known)
    return made.content if isinstance(made, Datum) and isinstance(made.content, str) else key


def _is_unknown(value: Choice[Datum]) -> bool:
    return isinstance(value, Datum) and isinstance(value.content, Unknown)


def member(stack: Stack, loops: list[tuple[str, Node]], keys: tuple[str, ...], scope: Scope) -> Choice[Datum]:
    """What loops inside a property make of the key that is asked for."""
    for _, node in loops:
        for entry in _loop(stack, node, scope, True, certain=True, most=MAX_ENTRIES):
            if not entry.certain:
                return Datum(Unknown("the collection of a Fn::ForEach is not known"))
            if entry.key == keys[0]:
                value = stack.at(entry.node, keys[1:], entry.scope)
                return lift(lambda made, datum: datum if made else NOTHING, entry.exists, value)
    return NOTHING


def makes(stack: Stack, loops: list[tuple[str, Node]], key: str, scope: Scope) -> bool:
    """Whether one of the loops is sure to make the key, in some world."""
    entries = (entry for _, node in loops for entry in _loop(stack, node, scope, True, certain=True, most=MAX_ENTRIES))
    return any(entry.certain and entry.key == key for entry in entries)
