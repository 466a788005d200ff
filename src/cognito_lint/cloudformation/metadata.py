"""The suppressions in a template's metadata: `Metadata: {cognito-lint: {ignore: {COG001: the reason}}}`."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint import ignores
from cognito_lint.cloudformation.nodes import EMPTY, ListNode, MapNode, Node, ScalarNode, mapping
from cognito_lint.cloudformation.source import contains
from cognito_lint.cloudformation.template import LOOP, Template
from cognito_lint.model import Ignore, Span

_MOST_LOOPS = 1_000


def of_template(template: Template) -> tuple[Ignore, ...]:
    """What the template's own metadata wants suppressed, for every pool that it declares."""
    return _of_body(template.root)


def of_resource(key: Span, body: MapNode) -> tuple[Ignore, ...]:
    """What the metadata of a resource wants suppressed. `key` is where its logical id stands.

    It is said by one resource for one resource: what a YAML anchor brings from another one does not count.
    """
    found = _of_body(body)
    if not found or _is_own(key, body):
        return found
    fault = "this resource has its suppressions from another one, by a YAML anchor"
    return (Ignore((), span=key, by="metadata", fault=fault),)


def _is_own(key: Span, body: MapNode) -> bool:
    written, inner = body.span, body.entries["Metadata"].span
    if key.file != written.file or written.file != inner.file:
        return True  # the Serverless Framework puts resources together from several files
    follows = (key.line, key.column) <= (written.line, written.column)
    return follows and contains(written, inner)


def _of_body(body: MapNode) -> tuple[Ignore, ...]:
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
    yield from of_template(template)
    waiting = [template.section("Resources") or EMPTY]
    while waiting:
        for key, entry in waiting.pop().entries.items():
            node, body = entry.node, mapping(entry.node)
            if body is not None:
                yield from (ignore for ignore in of_resource(entry.span, body) if ignore.rules)
            elif key.startswith(LOOP) and isinstance(node, ListNode) and len(waiting) < _MOST_LOOPS:
                waiting += (inner for item in node.items[2:] if (inner := mapping(item)) is not None)


def _plain(node: Node, depth: int) -> object:
    """The node as Python's own data, as deep as a section goes; None for what is no text, number or mapping."""
    if isinstance(node, MapNode) and depth <= ignores.DEPTH:
        return {key: _plain(inner, depth + 1) for key, inner in node}
    return node.content if isinstance(node, ScalarNode) else None
