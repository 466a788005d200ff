"""One resource of a plan or a state: its attributes, what of them is known only after apply, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cognito_lint.json_source import JsonNode, clean
from cognito_lint.model import ABSENT, Span, Step, Unknown, Value
from cognito_lint.terraform.keys import suffix

AFTER_APPLY = "the plan knows it only after apply"


@dataclass(frozen=True, slots=True)
class Resource:
    """A managed resource instance. `module` is its module's address, "" for the root; `index` its key, None without.

    `values` holds its attributes (null where nothing is left of it), `unknown` mirrors them with true where the value
    is known only after apply. `node` is the whole entry.
    """

    address: str
    module: str
    type: str
    name: str
    index: str | int | None
    node: JsonNode
    values: JsonNode | None
    unknown: Any
    actions: tuple[str, ...] = ()
    deferred: str | None = None

    @property
    def span(self) -> Span:
        """Where the address stands, or the entry if it has none."""
        address = self.node.get("address") or self.node.get("name")
        return address.span if address is not None else self.node.span

    def field(self, *path: str) -> Value:
        """The string or other scalar at the end of `path`, through blocks that are lists of one object."""
        node, unknown = self.find(*path)
        if unknown is True:
            place = node.span if node is not None else self.span
            return Value(Unknown(AFTER_APPLY), (Step(place, "known only after apply"),))
        if node is None or node.value is None:
            return ABSENT
        steps = (Step(node.span, "decided here"),)
        if isinstance(node.value, (dict, list)):
            return Value(Unknown(f"the value of {path[-1]} is neither text nor number"), steps)
        content = node.value
        if isinstance(content, str):
            content = clean(content)
        return Value(content if isinstance(content, (str, bool, int)) else str(content), steps)

    def names(self, *path: str) -> Value:
        """A set of strings as its names in alphabetical order, joined by commas; absent where there is none."""
        node, unknown = self.find(*path)
        if unknown is True or (isinstance(unknown, list) and any(item is True for item in unknown)):
            return Value(Unknown(AFTER_APPLY), (Step(self.span, "known only after apply"),))
        if node is None or not isinstance(node.value, list) or not node.value:
            return ABSENT
        return Value(clean(",".join(sorted(map(str, node.value)))), (Step(node.span, "decided here"),))

    def block(self, *path: str) -> JsonNode | None:
        """The object of a block, if it is there."""
        node, _ = self.find(*path)
        return _first(node)

    def find(self, *path: str) -> tuple[JsonNode | None, Any]:
        """The node at the end of `path` and what is unknown of it: true as soon as something around it is."""
        node, unknown = self.values, self.unknown
        for index, name in enumerate(path):
            if index:
                node, unknown = _first(node), _first_unknown(unknown)
            if unknown is True:
                return node, True
            node = node.get(name) if node is not None else None
            unknown = unknown.get(name) if isinstance(unknown, dict) else None
        return node, unknown


def _first(node: JsonNode | None) -> JsonNode | None:
    """The block's object: nested blocks are lists in a plan, in other writers' hands objects too."""
    if node is None or isinstance(node.value, dict):
        return node
    return next(node.elements(), None)


def _first_unknown(unknown: Any) -> Any:
    if isinstance(unknown, list):
        return unknown[0] if unknown else None
    return unknown


def of_change(entry: JsonNode, deferred: str | None = None) -> Resource | None:
    """The managed resource of an entry in `resource_changes`; None for a data source or a deposed object."""
    change = entry.get("change")
    value = entry.value
    if change is None or value.get("mode") != "managed" or "deposed" in value or not isinstance(change.value, dict):
        return None
    actions = change.value.get("actions")
    return Resource(
        *_identity(value),
        entry,
        change.get("after"),
        change.value.get("after_unknown"),
        tuple(map(str, actions)) if isinstance(actions, list) else (),
        deferred,
    )


def of_module(module: JsonNode, address: str = "") -> Iterable[Resource]:
    """The managed resources of a module in `planned_values` or a state, and of those below."""
    for entry in _entries(module, "resources"):
        if entry.value.get("mode") == "managed" and "deposed_key" not in entry.value:
            identity = _identity({**entry.value, "module_address": address})
            yield Resource(*identity, entry, entry.get("values"), None)
    for child in _entries(module, "child_modules"):
        yield from of_module(child, str(child.value.get("address", "")))


def of_state_file(root: JsonNode) -> Iterable[Resource]:
    """The managed resources of a state file, version 4."""
    for entry in _entries(root, "resources"):
        value = entry.value
        if value.get("mode") != "managed":
            continue
        module = str(value.get("module", ""))
        name, kind = clean(str(value.get("name", ""))), clean(str(value.get("type", "")))
        for instance in _entries(entry, "instances"):
            if "deposed" in instance.value:
                continue
            index = instance.value.get("index_key")
            key = suffix(clean(index) if isinstance(index, str) else index)
            address = ".".join(filter(None, (clean(module), kind, name))) + key
            yield Resource(address, clean(module), kind, name, index, entry, instance.get("attributes"), None)


def _identity(value: dict[str, Any]) -> tuple[str, str, str, str, str | int | None]:
    index = value.get("index")
    return (
        clean(str(value.get("address", ""))),
        clean(str(value.get("module_address", ""))),
        clean(str(value.get("type", ""))),
        clean(str(value.get("name", ""))),
        index if isinstance(index, (str, int)) else None,
    )


def _entries(node: JsonNode, name: str) -> Iterable[JsonNode]:
    found = node.get(name)
    return (entry for entry in (found.elements() if found is not None else ()) if isinstance(entry.value, dict))
