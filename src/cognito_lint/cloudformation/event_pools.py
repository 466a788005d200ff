"""The user pools that the Serverless Framework makes of itself, for functions that a pool is to call.

https://www.serverless.com/framework/docs/providers/aws/events/cognito-user-pool
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cognito_lint.cloudformation.nodes import (
    EMPTY,
    Entry,
    ListNode,
    MapNode,
    Node,
    OpaqueNode,
    ScalarNode,
    mapping,
    text_of,
)
from cognito_lint.cloudformation.template import POOL

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")


def resources(functions: Node) -> MapNode:
    """A template's `Resources` with one pool for each name that an event asks for, without `existing: true`."""
    pools: dict[str, Entry] = {}
    triggers: dict[str, dict[str, Entry]] = {}
    for entry, event in _events(functions):
        existing = event.get("existing")
        if isinstance(existing, ScalarNode) and existing.content in (True, "true"):
            continue
        name = text_of(event.get("pool"))
        logical_id = "CognitoUserPool" + _normalised(name or "")
        trigger = text_of(event.get("trigger")) or ""
        function = OpaqueNode(entry.span, "the function is known only after deployment")
        triggers.setdefault(logical_id, {})[trigger] = Entry(entry.span, function)
        open_reason = None
        if name is None:
            open_reason = "the name of the pool that this event creates is not known, nor what resources add to it"
        elif isinstance(existing, OpaqueNode):
            open_reason = "nothing in the files says whether this event creates the pool or uses an existing one"
        pools.setdefault(logical_id, _pool(entry, triggers[logical_id], open_reason))
    section = MapNode(functions.span, pools) if pools else EMPTY
    return MapNode(functions.span, {"Resources": Entry(functions.span, section)})


def _pool(entry: Entry, triggers: dict[str, Entry], open_reason: str | None) -> Entry:
    span = entry.span
    properties: Node = MapNode(span, {"LambdaConfig": Entry(span, MapNode(span, triggers))})
    if open_reason is not None:
        properties = OpaqueNode(span, open_reason)
    body = {"Type": Entry(span, ScalarNode(span, POOL)), "Properties": Entry(span, properties)}
    return Entry(span, MapNode(entry.node.span, body))


def _events(functions: Node) -> Iterator[tuple[Entry, MapNode]]:
    """Every `cognitoUserPool` event of every function, and where it is written."""
    for part in functions.items if isinstance(functions, ListNode) else (functions,):
        for _, function in mapping(part) or EMPTY:
            body = mapping(function)
            events = body.get("events") if body else None
            for event in events.items if isinstance(events, ListNode) else ():
                entry = (mapping(event) or EMPTY).entries.get("cognitoUserPool")
                settings = mapping(entry.node) if entry else None
                if entry is not None and settings is not None:
                    yield entry, settings


def _normalised(name: str) -> str:
    """The Framework's way to make a part of a logical id of a name."""
    bare = _NOT_ALPHANUMERIC.sub("", name)
    return bare[:1].upper() + bare[1:]
