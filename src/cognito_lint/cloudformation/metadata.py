"""The suppressions in a template's metadata: `Metadata: {cognito-lint: {ignore: {COG001: the reason}}}`."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint import ignores
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, ScalarNode, mapping
from cognito_lint.cloudformation.template import LOOP, Template
from cognito_lint.model import Ignore, Span

_MOST_LOOPS = 1_000


def of_body(body: MapNode) -> tuple[Ignore, ...]:
    """What the metadata of a resource, or of a template, wants suppressed."""
    metadata = mapping(body.get("Metadata"))
    entry = metadata.entries.get(ignores.SECTION) if metadata else None
    if entry is None:
        return ()
    node = entry.node

    def place(*keys: str) -> Span:
        at, span = node, entry.span
        for key in keys:
            found = at.entries[key] if isinstance(at, MapNode) else entry
            at, span = found.node, found.span
        return span

    return tuple(ignores.of_section(_plain(node, 0), place))


def everywhere(template: Template) -> Iterator[Ignore]:
    """All that the template's metadata wants suppressed, at the top and in each of its resources, whatever their
    kind."""
    yield from of_body(template.root)
    waiting = [template.section("Resources")]
    while waiting:
        section = waiting.pop()
        for key, node in section or ():
            body = mapping(node)
            if body is not None:
                yield from of_body(body)
            elif key.startswith(LOOP) and isinstance(node, ListNode) and len(waiting) < _MOST_LOOPS:
                waiting += (mapping(item) for item in node.items[2:])


def _plain(node: Node, depth: int) -> object:
    """The node as Python's own data, as deep as a section goes; None for what is no text, number or mapping."""
    if isinstance(node, MapNode) and depth <= ignores.DEPTH:
        return {key: _plain(inner, depth + 1) for key, inner in node}
    return node.content if isinstance(node, ScalarNode) else None
