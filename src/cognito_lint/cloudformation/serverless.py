"""The Serverless Framework's configuration: its `resources:` as a template, variables resolved where the files decide.

https://www.serverless.com/framework/docs/providers/aws/guide/variables
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from cognito_lint.cloudformation import event_pools, reader
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
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.model import MissingModule, Problem

MAX_DEPTH = 25
MAX_LOOKUPS = 20_000
_INNER = re.compile(r"\$\{([^${}]*)\}")
_TOKEN = re.compile(r"\0(\d+)\0")
_VARIABLE = re.compile(r"(?:[A-Za-z]+(?:\([^)]*\))?:(?!:)|[A-Za-z]+\(|[^,]*,)")
_FILE = re.compile(r"file\(([^)]*)\)(?::(.*))?")
_PARTS = re.compile(r"(?:'[^']*'|\"[^\"]*\"|\([^)]*\)|[^,'\"(])+|['\"(]")
_PROGRAMS = (".js", ".cjs", ".mjs", ".ts")


def is_serverless(root: MapNode) -> bool:
    """Whether a document is the configuration of a Serverless Framework service that has resources or functions."""
    if is_null(root.get("service")) or is_null(root.get("provider")):
        return False
    return not (is_null(root.get("resources")) and is_null(root.get("functions")))


class Service:
    """One service. `files` are the paths that its variables have read, or would have."""

    def __init__(self, root: MapNode, path: str, repository: Repository) -> None:
        self._root = root
        self._directory = PurePosixPath(path).parent.as_posix()
        self._repository = repository
        self._depth = 0
        self._lookups = 0
        self.files: set[str] = {path}
        self.hidden: list[MissingModule] = []
        self.problems: list[Problem] = []

    def template(self) -> MapNode:
        """What stands below `resources`, one mapping or several merged, over the pools that events make."""
        merged: MapNode = event_pools.resources(self.resolve(self._root.get("functions") or EMPTY))
        for raw in self._parts():
            part = self.resolve(raw)
            if isinstance(part, MapNode):
                merged = over(merged, _spelled_out(part, merged))
                self._look_for_hidden(part)
            elif not is_null(part):
                self._hide(part, raw)
        return extended(merged)

    def given(self) -> dict[str, Node]:
        """What `provider.stackParameters` gives the parameters of the template."""
        provider = mapping(self.resolve(self._root.get("provider") or EMPTY)) or EMPTY
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
            resolved = self.resolve(node)
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

    def resolve(self, node: Node) -> Node:
        """The node with the variables in it resolved, below it when looked at."""
        if isinstance(node, ScalarNode):
            return self._text(node.content, node) if isinstance(node.content, str) and "${" in node.content else node
        if isinstance(node, ListNode):
            return ListNode(lambda: node.span, lambda: tuple(self.resolve(item) for item in node.items))
        if isinstance(node, MapNode):
            return MapNode(lambda: node.span, lambda: self._entries(node))
        return node

    def _entries(self, node: MapNode) -> dict[str, Entry]:
        entries = {}
        for key, entry in node.entries.items():
            made = self._text(key, node) if "${" in key else None
            entries[text_of(made) or key] = Entry(place_of(entry), self.resolve(entry.node))
        return entries

    def _text(self, text: str, node: Node) -> Node:
        """A text with its variables put in, innermost first; one that is all variable may be anything."""
        if self._depth >= MAX_DEPTH or self._lookups > MAX_LOOKUPS:
            return OpaqueNode(lambda: node.span, "a variable of the Serverless Framework refers to itself, or too deep")
        self._depth += 1
        values: list[Node] = []
        try:
            while match := _INNER.search(text):
                values.append(self._variable(match[1], values, node))
                text = f"{text[: match.start()]}\0{len(values) - 1}\0{text[match.end() :]}"
        finally:
            self._depth -= 1
        return self._filled(text, values, node)

    def _filled(self, text: str, values: list[Node], node: Node) -> Node:
        whole = _TOKEN.fullmatch(text)
        if whole:
            return values[int(whole[1])]
        parts: list[str] = []
        for index, part in enumerate(_TOKEN.split(text)):
            if index % 2 == 0:
                parts.append(part)
                continue
            value = values[int(part)]
            if isinstance(value, OpaqueNode):
                return value
            if not isinstance(value, ScalarNode) or value.content is None:
                return OpaqueNode(lambda: node.span, "a variable inside a text gives no text")
            parts.append(str(value.content).lower() if isinstance(value.content, bool) else str(value.content))
        return ScalarNode(lambda: node.span, "".join(parts))

    def _variable(self, written: str, values: list[Node], node: Node) -> Node:
        self._lookups += 1
        if not _VARIABLE.match(written) or written.startswith("AWS::"):
            return ScalarNode(lambda: node.span, self._back("${" + written + "}", values))
        for part in _PARTS.findall(written):
            found = self._source(part.strip(), values, node)
            if found is not None:
                return found
        shown = self._back(written, values)
        return OpaqueNode(lambda: node.span, f"nothing in the files gives ${{{shown}}} a value")

    def _back(self, text: str, values: list[Node]) -> str:
        return _TOKEN.sub(lambda match: text_of(values[int(match[1])]) or "…", text)

    def _source(self, written: str, values: list[Node], node: Node) -> Node | None:
        """The value of one source, or None if it has none and the next is to be asked."""
        filled = self._filled(written, values, node)
        if not isinstance(filled, ScalarNode) or _TOKEN.fullmatch(written):
            return None if is_null(filled) else filled
        written = str(filled.content)
        if written[:1] in ("'", '"') and written[-1:] == written[:1]:
            return ScalarNode(lambda: node.span, written[1:-1])
        file = _FILE.fullmatch(written)
        if file:
            return self._file(file[1].strip(), file[2] or "", node)
        kind, _, address = written.partition(":")
        known = _SOURCES.get(kind)
        if known is not None:
            return known(self, address.strip(), node)
        if written in ("true", "false"):
            return ScalarNode(lambda: node.span, written == "true")
        if re.fullmatch(r"-?\d{1,18}", written):
            return ScalarNode(lambda: node.span, int(written))
        return OpaqueNode(lambda: node.span, f"${{{written}}} is known only where the Serverless Framework runs")

    def _self(self, address: str, _node: Node) -> Node | None:
        return self._at(self._root, address)

    def _unset(self, _address: str, _node: Node) -> Node | None:
        return None  # an option or an environment variable: not in the files, so the next source counts

    def _parameter(self, address: str, node: Node) -> Node | None:
        stage = text_of(self._stage("stage", node))
        for section in filter(None, (stage, "default")):
            for place in (f"stages.{section}.params", f"params.{section}"):  # the former since version 4
                found = self._at(self._root, f"{place}.{address}")
                if found is not None:
                    return found
        return None

    def _stage(self, address: str, node: Node) -> Node | None:
        if address != "stage":
            return OpaqueNode(lambda: node.span, f"${{sls:{address}}} is known only when the Framework runs")
        return self._at(self._root, "provider.stage") or ScalarNode(lambda: node.span, "dev")

    def _at(self, node: Node, address: str) -> Node | None:
        found: Node | None = self.resolve(node)
        for key in filter(None, address.split(".")):
            if isinstance(found, OpaqueNode):
                return found
            if isinstance(found, ListNode):
                found = found.items[int(key)] if key.isdecimal() and int(key) < len(found.items) else None
            else:
                inner = mapping(found)
                found = inner.get(key) if inner else None
            if is_null(found):
                return None
        return found

    def _file(self, written: str, address: str, node: Node) -> Node | None:
        path = self._repository.join(self._directory, written)
        self.files.add(path)
        if written.startswith("~") or not self._repository.is_file(path):
            return None
        if path.endswith(_PROGRAMS):
            return OpaqueNode(lambda: node.span, f"{written} is a program, which is not run")
        try:
            if not path.endswith((".yml", ".yaml", ".json")):
                return ScalarNode(lambda: node.span, self._repository.text(path).rstrip("\n"))
            _, documents = reader.read(path, self._repository)
        except UnreadableError as error:
            return OpaqueNode(error.span, f"{path} cannot be read: {error.message}", wrong=True)
        return self._at(documents[0], address) if documents else None


_SOURCES: dict[str, Callable[[Service, str, Node], Node | None]] = {
    "self": Service._self,  # noqa: SLF001
    "opt": Service._unset,  # noqa: SLF001
    "env": Service._unset,  # noqa: SLF001
    "param": Service._parameter,  # noqa: SLF001
    "sls": Service._stage,  # noqa: SLF001
}


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
