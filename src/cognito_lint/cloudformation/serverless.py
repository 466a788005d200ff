"""The Serverless Framework's configuration as a template: its `resources:`, merged and extended as the Framework does.

https://www.serverless.com/framework/docs/providers/aws/guide/resources
Between the stages "read" and "resolve".
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from cognito_lint.cloudformation import event_pools
from cognito_lint.cloudformation.nodes import (
    EMPTY,
    Entry,
    ListNode,
    MapNode,
    Node,
    OpaqueNode,
    ScalarNode,
    is_null,
    mapping,
    place_of,
    text_of,
)
from cognito_lint.cloudformation.serverless_variables import Variables
from cognito_lint.cloudformation.source import Source
from cognito_lint.cloudformation.template import Template, is_template
from cognito_lint.files import Repository
from cognito_lint.model import MissingModule, Problem

_FILES = re.compile(r"\$\{file\(([^)$]+)\)")


def is_serverless(root: MapNode) -> bool:
    """Whether a document is the configuration of a Serverless Framework service that has resources or functions."""
    if is_null(root.get("service")) or is_null(root.get("provider")):
        return False
    return not (is_null(root.get("resources")) and is_null(root.get("functions")))


def template(root: MapNode, source: Source, repository: Repository) -> Template | None:
    """The template that a service deploys; None if its `resources:` are none and nothing else may be in their place."""
    directory = PurePosixPath(source.path).parent.as_posix()
    files = {source.path, *(repository.join(directory, name) for name in _FILES.findall(source.text))}
    service = _Service(root, Variables(root, directory, repository, files))
    merged = service.merged()
    if not is_template(merged) and not service.hidden and not service.problems:
        return None
    return Template(
        source.path,
        merged,
        files,
        source.repetitions,
        speaks_to_us=True,  # what its variables read may do so
        missing=tuple(service.hidden),
        problems=tuple(service.problems),
        given=service.given(),
    )


class _Service:
    """One service. `hidden` and `problems` are the parts of `merged` that are not at hand and may hold pools."""

    def __init__(self, root: MapNode, variables: Variables) -> None:
        self._root = root
        self._variables = variables
        self.hidden: list[MissingModule] = []
        self.problems: list[Problem] = []

    def merged(self) -> MapNode:
        """What stands below `resources`, one mapping or several merged, over the pools that events make."""
        merged: MapNode = event_pools.resources(self._variables.resolve(self._root.get("functions") or EMPTY))
        for raw in self._parts():
            part = self._variables.resolve(raw)
            if isinstance(part, MapNode):
                merged = over(merged, _spelled_out(part, merged))
                self._look_for_hidden(part)
            elif not is_null(part):
                self._hide(part, raw)
        return extended(merged)

    def given(self) -> dict[str, Node]:
        """What `provider.stackParameters` gives the parameters of the template."""
        provider = mapping(self._variables.resolve(self._root.get("provider") or EMPTY)) or EMPTY
        listed = provider.get("stackParameters")
        found: dict[str, Node] = {}
        for item in listed.items if isinstance(listed, ListNode) else ():
            entry = mapping(item) or EMPTY
            name = text_of(entry.get("ParameterKey"))
            value = entry.get("ParameterValue")
            if name is not None:
                kept = OpaqueNode(item.span, f"the parameter {name} keeps the value that the stack has")
                found[name] = value if isinstance(value, ScalarNode | OpaqueNode) else kept
        return found

    def _parts(self) -> tuple[Node, ...]:
        node = self._root.get("resources")
        if text_of(node) is not None and node is not None:
            resolved = self._variables.resolve(node)
            node = resolved if isinstance(resolved, ListNode) else node
        return node.items if isinstance(node, ListNode) else () if node is None else (node,)

    def _look_for_hidden(self, part: MapNode) -> None:
        """A part, a resource or a type that a variable without a value stands for may be a user pool."""
        section = part.get("Resources")
        if isinstance(section, OpaqueNode):
            self._hide(section)
        for _, node in mapping(section) or EMPTY:
            body = mapping(node)
            kind = body.get("Type") if body else None
            for hidden in (node, kind):
                if isinstance(hidden, OpaqueNode):
                    self._hide(hidden)

    def _hide(self, node: Node, raw: Node | None = None) -> None:
        reason = node.reason if isinstance(node, OpaqueNode) else "it is no mapping"
        if isinstance(node, OpaqueNode) and node.wrong:
            self.problems.append(Problem(node.span, reason))
        else:
            span = (raw or node).span
            self.hidden.append(MissingModule("resources", text_of(raw) or reason, span, concerns_pools=True))


def _spelled_out(part: MapNode, known: MapNode) -> MapNode:
    """A part of `resources` as it is merged over what is known: what is not at hand takes no resource away, and one
    that is named there may have any property changed."""
    section = part.get("Resources")
    if not isinstance(section, MapNode):
        return MapNode(part.span, {key: entry for key, entry in part.entries.items() if key != "Resources"})
    before = mapping(known.get("Resources")) or EMPTY
    changed = {
        name: Entry(node.span, MapNode(node.span, {"Properties": Entry(node.span, node)}))
        for name, node in section
        if isinstance(node, OpaqueNode) and mapping(before.get(name)) is not None
    }
    resources = Entry(section.span, MapNode(section.span, {**section.entries, **changed}))
    return MapNode(part.span, {**part.entries, "Resources": resources})


def extended(template: MapNode) -> MapNode:
    """A template with its `extensions` applied: after all is merged, and attribute by attribute.

    https://www.serverless.com/framework/docs/providers/aws/guide/resources#extending-cloudformation-resources
    """
    extensions, section = template.get("extensions"), mapping(template.get("Resources"))
    if extensions is None or is_null(extensions) or section is None:
        return template
    resources = dict(section.entries)
    for name, entry in section.entries.items():
        change = extensions.get(name) if isinstance(extensions, MapNode) else extensions
        body = mapping(entry.node)
        if change is not None and body is not None:
            resources[name] = Entry(place_of(entry), _changed(body, change))
    return MapNode(
        template.span, {**template.entries, "Resources": Entry(section.span, MapNode(section.span, resources))}
    )


def _changed(body: MapNode, change: Node) -> MapNode:
    entries = dict(body.entries)
    if not isinstance(change, MapNode):  # what it says is not known
        change = MapNode(change.span, {"Properties": Entry(change.span, change)})
    for key, entry in change.entries.items():
        mine, its = mapping(body.get(key)), mapping(entry.node)
        if key in ("Properties", "Metadata") and mine is not None and its is not None:
            # each of its settings stands for the whole of the one of that name, unlike where resources are merged
            entries[key] = Entry(place_of(entry), MapNode(its.span, {**mine.entries, **its.entries}))
        else:
            entries[key] = entry
    return MapNode(body.span, entries)


def over(one: MapNode, other: MapNode) -> MapNode:
    """Two mappings as the Framework merges them: key by key, to any depth, the later one over the earlier."""

    def entries() -> dict[str, Entry]:
        joined = dict(one.entries)
        for key, entry in other.entries.items():
            known = joined.get(key)
            if known is None or not isinstance(known.node, MapNode) or not isinstance(entry.node, MapNode):
                joined[key] = entry
            else:
                joined[key] = Entry(place_of(entry), over(known.node, entry.node))
        return joined

    return MapNode(lambda: one.span, entries)
