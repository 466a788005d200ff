"""`AWS::Include` of a file that is at hand: its text in place of the transform. Between "read" and "resolve".

`aws cloudformation package` uploads such files:
https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from cognito_lint.cloudformation import reader
from cognito_lint.cloudformation.nodes import (
    Entries,
    Entry,
    ListNode,
    MapNode,
    Node,
    OpaqueNode,
    mapping,
    place_of,
    text_of,
)
from cognito_lint.files import Repository, UnreadableError

INCLUDE = "AWS::Include"
_LOCATION = re.compile(r"""Location["']?\s*:\s*["']?([^\s"',}]+)""")


class Includes:
    """The files that one template's text may include. `files` are the paths of those that were read for it."""

    def __init__(self, path: str, text: str, repository: Repository, files: set[str]) -> None:
        self._directory = PurePosixPath(path).parent.as_posix()
        self._repository = repository
        self._files = files
        named = _LOCATION.findall(text) if INCLUDE in text else ()
        self.paths = frozenset(repository.join(self._directory, name) for name in named if "://" not in name)

    def put_into(self, root: MapNode) -> MapNode:
        """The template with the files in it, each read when first looked at."""
        return MapNode(lambda: root.span, lambda: self._entries(root)) if self.paths else root

    def _node(self, node: Node) -> Node:
        if isinstance(node, ListNode):
            return ListNode(lambda: node.span, lambda: tuple(self._node(item) for item in node.items))
        return MapNode(lambda: node.span, lambda: self._entries(node)) if isinstance(node, MapNode) else node

    def _entries(self, node: MapNode) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        brought: Entries = {}
        for key, entry in node.entries.items():
            found = self._included(entry.node) if key == "Fn::Transform" else None
            if found is None:
                entries[key] = Entry(place_of(entry), self._node(entry.node))
            else:
                brought = found
        for key, entry in brought.items():
            if key in entries:
                reason = f"{key} is written here and in the text that {INCLUDE} puts in"
                entry = Entry(place_of(entry), OpaqueNode(place_of(entry), reason))
            entries[key] = entry
        return entries

    def _included(self, node: Node) -> Entries | None:
        """What a transform puts in, if that is a file at hand; a file that it includes in turn nobody uploads."""
        transform = mapping(node)
        parameters = mapping(transform.get("Parameters")) if transform else None
        location = text_of(parameters.get("Location")) if parameters else None
        if transform is None or location is None or text_of(transform.get("Name")) != INCLUDE:
            return None
        path = self._repository.join(self._directory, location)
        if path not in self.paths or not self._repository.is_file(path):
            return None
        self._files.add(path)
        try:
            _, documents = reader.read(path, self._repository)
        except UnreadableError:
            return None  # left as it is: nothing is known of what it says
        root = mapping(documents[0]) if documents else None
        return None if root is None else root.entries
