"""YAML → nodes: part of the stage "read".

PyYAML composes (its C loader where there is one); nothing is constructed, so no tag can do anything. Tags of
CloudFormation's own (`!Ref`, `!If`, …) become the long form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from cognito_lint.cloudformation.nodes import Entry, ListNode, MapNode, Node, OpaqueNode, Place, ScalarNode
from cognito_lint.cloudformation.source import Source
from cognito_lint.model import Span
from cognito_lint.source import MAX_NESTING, TOO_DEEP

_STANDARD = "tag:yaml.org,2002:"
_TEXT = _STANDARD + "str"
_FUNCTIONS = frozenset(
    {
        "And",
        "Base64",
        "Cidr",
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "GetStackOutput",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "RefAll",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
        "ValueOf",
        "ValueOfAll",
    }
)
_TRUE = frozenset({"yes", "true", "on"})
_BOOLEANS = frozenset({"yes", "no", "true", "false", "on", "off"})
_DECORATION = re.compile(r"(?:[!&][^\s,\[\]{}]*[ \t\r\n]+)+")
_DEEP_LINE = re.compile(rf"^[ \t\-?]{{{MAX_NESTING}}}", re.MULTILINE)
_BRACKETS = re.compile(r"[\[\]{}]")


def read(source: Source) -> tuple[Node, ...]:
    """The tree of each document of a YAML text. Raises UnreadableError."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _may_be_deep(source.text):
            _check_depth(source, loader)
        documents = list(yaml.compose_all(source.text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = error.problem or str(error)
        if mark is not None and _left_open(error):
            # the parser stops where the next line makes no sense: what is wrong is the bracket or quote before
            message += f" for this one up to line {mark.line + 1} ({error.context})"
            mark = error.context_mark
        elif error.context and error.problem_mark is not None:
            message += f" ({error.context})"
        if (
            "cannot start any token" in message
            and mark is not None
            and source.text[mark.index : mark.index + 1] == "\t"
        ):
            message = "YAML does not allow a tab for indentation"
        source.fail(_index(mark), f"the file is not YAML: {message}")
    except yaml.reader.ReaderError as error:
        source.fail(_offset(source.text, error), f"the file is not YAML: {error.reason}")
    except RecursionError:
        source.fail(0, TOO_DEEP)
    return tuple(_Converter(source).node(document) for document in documents if document is not None)


def _left_open(error: yaml.MarkedYAMLError) -> bool:
    """Whether a bracket or a quote is opened in one line and not closed before another that cannot be part of it."""
    opened, stopped = error.context_mark, error.problem_mark
    if opened is None or stopped is None or opened.line == stopped.line:
        return False
    return str(error.context).startswith(("while parsing a flow", "while scanning a quoted"))


def _offset(text: str, error: yaml.reader.ReaderError) -> int:
    character = error.character
    found = text.find(character if isinstance(character, str) else chr(character))
    return max(found, 0)


def _may_be_deep(text: str) -> bool:
    """An upper bound of the nesting, from the text alone: the C parser has no bound and would overrun its stack."""
    if _DEEP_LINE.search(text):
        return True
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_NESTING or depth < -MAX_NESTING:
            return True
    return False


def _check_depth(source: Source, loader: Any) -> None:
    depth = 0
    for event in yaml.parse(source.text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_NESTING:
                source.fail(_index(event.start_mark), TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Converter:
    """Turns one file's YAML nodes into ours, level by level as they are looked at."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def node(self, raw: yaml.Node) -> Node:
        tag = raw.tag
        if tag == _TEXT and isinstance(raw, yaml.ScalarNode):  # most nodes
            return ScalarNode(self._place(raw), raw.value)
        if tag.startswith(_STANDARD):
            return self._plain(raw, tag)
        if tag.startswith("!"):
            return self._tagged(raw, tag[1:])
        return OpaqueNode(self._place(raw), f"the YAML tag {tag} has no meaning here", wrong=True)

    def _plain(self, raw: yaml.Node, tag: str) -> Node:
        if isinstance(raw, yaml.ScalarNode):
            return self._scalar(raw, tag)
        if isinstance(raw, yaml.SequenceNode):
            value = raw.value
            return ListNode(self._place(raw), lambda: tuple(self.node(item) for item in value))
        return MapNode(self._place(raw), lambda: self._entries(raw))

    def _scalar(self, raw: yaml.ScalarNode, tag: str) -> ScalarNode:
        text: str = raw.value
        kind = tag[len(_STANDARD) :]
        place = self._place(raw)
        if kind == "bool" and text.lower() in _BOOLEANS:
            truth = text.lower() in _TRUE
            return ScalarNode(place, truth, None if text in ("true", "false") else text)
        if kind == "null":
            return ScalarNode(place, None)
        if kind == "int" and len(text) < 300 and re.fullmatch(r"0|-?[1-9][0-9]*", text):
            return ScalarNode(place, int(text))
        return ScalarNode(place, text)

    def _tagged(self, raw: yaml.Node, name: str) -> Node:
        """A short form as its long form; `!GetAtt a.b` keeps its text."""
        key = name if name in ("Ref", "Condition") else f"Fn::{name}" if name in _FUNCTIONS else None
        if key is None:
            return OpaqueNode(self._place(raw), f"the YAML tag !{name} is none of CloudFormation's", wrong=True)
        inner: Node
        if isinstance(raw, yaml.ScalarNode):
            inner = ScalarNode(self._place(raw), raw.value)
        elif isinstance(raw, yaml.SequenceNode):
            value = raw.value
            inner = ListNode(self._place(raw), lambda: tuple(self.node(item) for item in value))
        else:
            inner = MapNode(self._place(raw), lambda: self._entries(raw))
        return MapNode(self._place(raw), {key: Entry(self._place(raw), inner)})

    def _place(self, raw: yaml.Node) -> Callable[[], Span]:
        def find() -> Span:
            start, end = _index(raw.start_mark), _index(raw.end_mark)
            text = self._source.text
            if (
                text[start : start + 1] in ("!", "&")
                and isinstance(raw, yaml.ScalarNode)
                and raw.tag.startswith(_STANDARD)
            ):
                match = _DECORATION.match(text, start, end)
                start = match.end() if match else start
            while end > start and text[end - 1] in " \t\r\n":
                end -= 1
            return self._source.span(start, end)

        return find

    def _entries(self, raw: yaml.Node) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        own: dict[str, yaml.Node] = {}
        for key_node, value_node in _pairs(raw):
            if key_node.tag == _STANDARD + "merge":
                brought: dict[str, Entry] = {}
                for key, entry in self._merged(value_node, 0):
                    brought.setdefault(key, entry)
                # of two merges the later one wins, as in PyYAML, by which AWS's own tools resolve them
                entries.update((key, entry) for key, entry in brought.items() if key not in own)
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            key = key_node.value
            place: Place = self._place(key_node)
            if key in own:
                self._source.repeated(key, entries[key].span, _stretch(own[key]), _stretch(value_node))
            own[key] = value_node
            entries[key] = Entry(place, self.node(value_node))
        return entries

    def _merged(self, raw: yaml.Node, depth: int) -> Iterator[tuple[str, Entry]]:
        """The entries that `<<` brings in: of a mapping, or of several, of which the first wins."""
        if isinstance(raw, yaml.MappingNode):
            yield from self._entries_of_merge(raw, depth)
        elif isinstance(raw, yaml.SequenceNode) and depth < 20:
            for item in raw.value:
                if isinstance(item, yaml.MappingNode):
                    yield from self._entries_of_merge(item, depth)

    def _entries_of_merge(self, raw: yaml.MappingNode, depth: int) -> Iterator[tuple[str, Entry]]:
        merged: list[yaml.Node] = []
        for key_node, value_node in reversed(raw.value):
            if key_node.tag == _STANDARD + "merge":
                merged.append(value_node)
            elif isinstance(key_node, yaml.ScalarNode):
                yield key_node.value, Entry(self._place(key_node), self.node(value_node))
        if depth < 20:
            for inner in merged:
                yield from self._merged(inner, depth + 1)


def _pairs(raw: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    value: list[tuple[yaml.Node, yaml.Node]] = raw.value
    return value


def _stretch(raw: yaml.Node) -> tuple[int, int]:
    return _index(raw.start_mark), _index(raw.end_mark)


def _index(mark: Any) -> int:
    return mark.index if mark is not None else 0
