"""The default reader of HCL's native syntax: tree-sitter finds what stands where, and reads nothing further until it
is asked for (part of the stage "read").

A root with thousands of resources costs little more than tree-sitter's own pass: blocks are opened, and expressions
parsed, on demand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cognito_lint.source import Source
from cognito_lint.terraform.hcl_bodies import MAX_BLOCKS, BodyParser, broken, collect
from cognito_lint.terraform.hcl_parser import ExpressionParser
from cognito_lint.terraform.hcl_tokens import END, NEWLINE, HclSyntaxError, Tokens, unescape_quoted
from cognito_lint.terraform.syntax import Attribute, Block, Body, Expression, File

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


class _Unsure(Exception):  # noqa: N818 - a turn in the way, not an error
    """tree-sitter took something for HCL that Terraform may read otherwise."""


def read(data: bytes, path: str) -> File:
    """The file that `data` (UTF-8 without a byte order mark) holds. Raises UnicodeDecodeError."""
    text = data.decode()
    source = Source(path, text)
    root = _parser().parse(data).root_node
    if not root.has_error and "\0" not in text:
        try:
            body = _Reader(source, data).file(root)
            return File(path, body, body.problems)
        except _Unsure:
            pass
    parser = BodyParser(source)
    body = parser.file()
    return File(path, body, tuple(sorted(parser.problems, key=lambda problem: problem.span)))


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


class _Reader:
    """One file's tree, opened step by step."""

    def __init__(self, source: Source, data: bytes) -> None:
        self._source = source
        self._data = data
        self._ascii = len(data) == len(source.text)
        self._lines: list[tuple[int, int]] = []

    def file(self, root: Node) -> Body:
        bodies = [child for child in root.children if child.type != "comment"]
        span = self._source.span(0, len(self._source.text))
        if not bodies:
            return Body({}, (), span)
        if len(bodies) > 1 or bodies[0].type != "body":
            raise _Unsure
        body = self._body(bodies[0], 0)
        return Body(body.attributes, body.blocks, span, body.problems)

    def _body(self, node: Node, depth: int) -> Body:
        """The body, inside `depth` blocks, if every item stands on lines of its own."""
        items: list[Attribute | Block] = []
        row = -1
        for child in node.children:
            kind = child.type
            if kind == "comment":
                continue
            if child.start_point[0] == row:
                raise _Unsure
            row = child.end_point[0]
            if kind == "attribute":
                items.append(self._attribute(child))
            elif kind == "block":
                items.append(self._block(child, depth))
            else:
                raise _Unsure
        return collect(items, self._source.span(self._start(node), self._end(node)))

    def _attribute(self, node: Node) -> Attribute:
        name = node.children[0]
        start, end = self._start(node), self._end(node)
        return Attribute(
            self._text(name),
            lambda: self._expression(start, end),
            self._source.span(start, self._end(name)),
            self._source.span(start, end),
        )

    def _block(self, node: Node, depth: int) -> Block:
        name, *children = node.children  # what it is comes first: a comment before it is no part of it
        labels: list[str] = []
        body: Node | None = None
        header = opening = name
        for child in children:
            kind = child.type
            if kind == "comment":
                continue
            if kind == "block_start":
                opening = child
            elif kind == "body":
                body = child
            elif kind != "block_end":
                labels.append(self._label(child))
                header = child
        if node.start_point[0] != opening.start_point[0]:
            raise _Unsure
        start = self._start(node)
        return Block(
            self._text(name),
            tuple(labels),
            lambda: self._empty(node, opening) if body is None else self._open(node, body, opening, depth + 1),
            self._source.span(start, self._end(header)),
            self._source.span(start, self._end(node)),
        )

    def _empty(self, node: Node, opening: Node) -> Body:
        return Body({}, (), self._source.span(self._start(opening), self._end(node)))

    def _open(self, node: Node, body: Node, opening: Node, depth: int) -> Body:
        """The body between a block's braces, strictly read if its lines are not as Terraform wants them."""
        row, end_row = opening.end_point[0], node.end_point[0]
        one_line = row == end_row and body.child_count == 1 and body.children[0].type == "attribute"
        apart = body.start_point[0] > row and body.end_point[0] < end_row
        if (one_line or apart) and depth <= MAX_BLOCKS:
            try:
                return self._body(body, depth)
            except _Unsure:
                pass
        return BodyParser(self._source, self._start(node), depth - 1).block()

    def _label(self, node: Node) -> str:
        text = self._text(node)
        if not text.startswith('"'):
            return text
        if "${" in text or "%{" in text:
            raise _Unsure
        try:
            return unescape_quoted(text[1:-1], self._start(node) + 1)
        except HclSyntaxError as error:
            raise _Unsure from error

    def _expression(self, start: int, end: int) -> Expression:
        tokens = Tokens(self._source, start)
        tokens.advance()
        tokens.advance()
        try:
            expression = ExpressionParser(tokens).expression()
            if tokens.kind not in (NEWLINE, END, "}") or tokens.last != end:
                raise tokens.unexpected("the argument's value had ended")
        except HclSyntaxError as error:
            return broken(error, self._source)
        return expression

    def _text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode()

    def _start(self, node: Node) -> int:
        return node.start_byte if self._ascii else self._offset(node.start_byte, node.start_point[0])

    def _end(self, node: Node) -> int:
        return node.end_byte if self._ascii else self._offset(node.end_byte, node.end_point[0])

    def _offset(self, byte: int, row: int) -> int:
        """The character that stands at `byte`, in line `row`."""
        if not self._lines:
            bytes_before = characters_before = 0
            for line in self._data.split(b"\n"):
                self._lines.append((bytes_before, characters_before))
                bytes_before += len(line) + 1
                characters_before += len(line.decode()) + 1
        line_byte, line_character = self._lines[row]
        return line_character + len(self._data[line_byte:byte].decode())
