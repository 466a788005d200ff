"""The variables of the Serverless Framework, `${self:…}`, `${file(…)}`, …, resolved where the files decide.

https://www.serverless.com/framework/docs/providers/aws/guide/variables
Between the stages "read" and "resolve": what comes out is a tree as if it had been written so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cognito_lint.cloudformation import reader
from cognito_lint.cloudformation.nodes import (
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
from cognito_lint.cloudformation.serverless_dotenv import Dotenv, UndecidedError
from cognito_lint.files import Repository, UnreadableError

MAX_DEPTH = 25
MAX_LOOKUPS = 20_000
_INNER = re.compile(r"\$\{([^${}]*)\}")
_TOKEN = re.compile(r"\0(\d+)\0")
_VARIABLE = re.compile(r"(?:[A-Za-z]+(?:\([^)]*\))?:(?!:)|[A-Za-z]+\(|[^,]*,)")
_FILE = re.compile(r"file\(([^)]*)\)(?::(.*))?")
_PARTS = re.compile(r"(?:'[^']*'|\"[^\"]*\"|\([^)]*\)|[^,'\"(])+|['\"(]")
_PROGRAMS = (".js", ".cjs", ".mjs", ".ts")


class Variables:
    """The variables of the service whose configuration, in `directory`, is `root`. To `files` are added the paths that
    they read, or would if they were there, as nodes are looked at."""

    def __init__(self, root: MapNode, directory: str, repository: Repository, files: set[str]) -> None:
        self._root = root
        self._directory = directory
        self._repository = repository
        self._files = files
        self._depth = 0
        self._lookups = 0
        self._dotenv = Dotenv(root, directory, repository, files)
        self._finds_stage = False

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
        return None  # an option of the command line: not in the files, so the next source counts

    def _environment(self, name: str, node: Node) -> Node | None:
        """An environment variable: what a `.env` file sets; another is not in the files, so the next source counts."""
        if self._finds_stage:  # the files are read when the stage is known
            return None
        self._finds_stage = True
        try:
            value = self._dotenv.value(name, text_of(self._stage("stage", node)))
        except UndecidedError as error:
            reason = str(error)
            return OpaqueNode(lambda: node.span, f"${{env:{name}}} is not decided: {reason}")
        finally:
            self._finds_stage = False
        return None if value is None else ScalarNode(lambda: node.span, value)

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
        self._files.add(path)
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


_SOURCES: dict[str, Callable[[Variables, str, Node], Node | None]] = {
    "self": Variables._self,  # noqa: SLF001
    "opt": Variables._unset,  # noqa: SLF001
    "env": Variables._environment,  # noqa: SLF001
    "param": Variables._parameter,  # noqa: SLF001
    "sls": Variables._stage,  # noqa: SLF001
}
