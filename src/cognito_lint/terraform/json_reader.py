"""Terraform's JSON syntax becomes the same syntax tree (part of the stage "read").

JSON does not tell arguments from blocks: whoever asks for a name decides which it is, so every name is an attribute
that can also be opened as blocks. https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from cognito_lint.json_source import JsonError, JsonMember, JsonNode, clean, scan
from cognito_lint.model import Problem, Span
from cognito_lint.source import Source
from cognito_lint.terraform.hcl_bodies import broken
from cognito_lint.terraform.hcl_parser import MAX_NESTING, ExpressionParser
from cognito_lint.terraform.hcl_tokens import HclSyntaxError, Tokens
from cognito_lint.terraform.syntax import (
    Attribute,
    Block,
    Body,
    Broken,
    Expression,
    File,
    Literal,
    Object,
    Template,
    Tuple,
)

_COMMENT = "//"
_DEPTH_OF_COMMENTS = 12
_PAIR = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]")


def read(text: str, path: str) -> File:
    """The file that `text` is."""
    try:
        root = scan(text, path)
    except JsonError as error:
        empty = Body({}, (), Span(path), json=True)
        return File(path, empty, (Problem(error.span, error.message),))
    body = _body(root)
    return File(path, body, body.problems, tuple(_comments(root)) if "cognito-lint" in text else ())


def _comments(root: JsonNode) -> Iterator[JsonMember]:
    """Every comment property, as deep as blocks nest in practice: each level is read again."""
    level = [root]
    for _ in range(_DEPTH_OF_COMMENTS):
        inner: list[JsonNode] = []
        for node in level:
            inner += node.elements()
            for member in node.members():
                if member.key == _COMMENT:
                    yield member
                else:
                    inner.append(member.node)
        level = inner


def _body(node: JsonNode) -> Body:
    """The body that an object, or an array of objects, describes."""
    problems: list[Problem] = []
    found: dict[str, list[JsonMember]] = {}
    for part in _objects(node, problems, "a body"):
        for member in part.members():
            found.setdefault(member.key, []).append(member)
    comments = tuple(found.pop(_COMMENT, ()))
    attributes = {}
    for name, members in found.items():
        if len(members) > 1 and not all(isinstance(member.node.value, (dict, list)) for member in members):
            first = members[0].span
            message = f"the argument {name} is set twice, first on line {first.line}"
            problems.append(Problem(members[-1].span, message, "keep one of them"))
        attributes[name] = _attribute(name, members)
    return Body(attributes, (), node.span, tuple(problems), json=True, comments=comments)


def _objects(node: JsonNode, problems: list[Problem], what: str) -> Iterator[JsonNode]:
    """The node, or its elements: objects all; null in place of them is nothing."""
    if node.value is None:
        return
    for part in node.elements() if isinstance(node.value, list) else (node,):
        if isinstance(part.value, dict):
            yield part
        else:
            problems.append(Problem(part.span, f"{what} is written as an object, or as an array of objects"))


def _attribute(name: str, members: list[JsonMember]) -> Attribute:
    last = members[-1]
    return Attribute(
        name,
        lambda: _expression(last.node, 0, templates=True),
        last.span,
        last.whole,
        make_literal=lambda: _expression(last.node, 0, templates=False),
        make_blocks=lambda labels: tuple(_blocks(name, members, labels)),
    )


def _blocks(name: str, members: list[JsonMember], labels: int) -> Iterator[Block]:
    problems: list[Problem] = []
    for member in members:
        yield from _unpack(name, member, (), labels, problems)
    if problems:
        # the block that cannot be read is there all the same, so that nobody takes it for absent
        span = members[-1].span
        yield Block(name, ("",) * labels, lambda: Body({}, (), span, tuple(problems), json=True), span, span)


def _unpack(
    name: str, member: JsonMember, labels: tuple[str, ...], missing: int, problems: list[Problem]
) -> Iterator[Block]:
    """One object inside the other for each label, any of them an array of such; then the bodies, of which each may
    be an array again, and null within an array: a body that says nothing."""
    node = member.node
    if missing:
        for part in _objects(node, problems, f"the block {name}"):
            for inner in part.members():
                if inner.key != _COMMENT:
                    yield from _unpack(name, inner, (*labels, inner.key), missing - 1, problems)
        return
    for part in node.elements() if isinstance(node.value, list) else _objects(node, problems, f"the block {name}"):
        if part.value is None or isinstance(part.value, list):
            yield _block(name, labels, member.span, part)
        else:
            yield from (_block(name, labels, member.span, one) for one in _objects(part, problems, f"the block {name}"))


def _block(name: str, labels: tuple[str, ...], header: Span, node: JsonNode) -> Block:
    whole = Span(header.file, header.line, header.column, node.span.end_line, node.span.end_column)
    return Block(name, labels, lambda: _body(node), header, whole)


def _expression(node: JsonNode, depth: int, *, templates: bool) -> Expression:
    value = node.value
    if depth >= MAX_NESTING:
        return Broken(f"the value is nested more than {MAX_NESTING} levels deep", node.span)
    if isinstance(value, str):
        return _string(value, node, templates=templates)
    if isinstance(value, (bool, int, Decimal)) or value is None:
        return Literal(value, node.span)
    if isinstance(value, list):
        items = (_expression(element, depth + 1, templates=templates) for element in node.elements())
        return Tuple(tuple(items), node.span)
    return _object(node.members(), node, depth, templates=templates)


def _object(members: Iterable[JsonMember], node: JsonNode, depth: int, *, templates: bool) -> Expression:
    items: dict[str, tuple[Expression, Expression]] = {}
    for member in members:
        if member.key in items:
            reason = f"the key {member.key} is written twice in one object, the second time on line {member.span.line}"
            return Broken(reason, member.span)
        key_node = JsonNode(member.key, member.start, member.key_end, node.source)
        key = _string(member.key, key_node, templates=templates)
        items[member.key] = (key, _expression(member.node, depth + 1, templates=templates))
    return Object(tuple(items.values()), node.span)


def _string(value: str, node: JsonNode, *, templates: bool) -> Expression:
    text = clean(value)
    if not templates or ("${" not in text and "%{" not in text):
        return Template((text,) if text else (), node.span)
    source = _StringSource(text, node)
    try:
        return ExpressionParser(Tokens(source, len(text))).whole_template()
    except HclSyntaxError as error:
        return broken(error, source)


class _StringSource(Source):
    """The text of a JSON string, whose spans are those of the file."""

    __slots__ = ("_node", "_offsets")

    def __init__(self, text: str, node: JsonNode) -> None:
        super().__init__(node.source.path, text)
        self._node = node
        self._offsets: list[int] | None = None

    def span(self, start: int, end: int) -> Span:
        """The span in the file; of the whole text, that of the string with its quotes."""
        node = self._node
        if (start, end) == (0, len(self.text)):
            return node.span
        if self._offsets is None:
            self._offsets = _offsets(node.source.text, node.start + 1, node.end - 1)
        last = len(self._offsets) - 1
        return node.source.span(self._offsets[min(start, last)], self._offsets[min(end, last)])


def _offsets(text: str, start: int, end: int) -> list[int]:
    """Where each character of a JSON string's value stands in the text, and where the string ends."""
    offsets: list[int] = []
    position = start
    while position < end:
        offsets.append(position)
        if text[position] != "\\":
            position += 1
        elif text[position + 1] != "u":
            position += 2
        else:
            position += 12 if _PAIR.match(text, position) else 6
    offsets.append(end)
    return offsets
