"""Bodies of HCL's native syntax, read strictly and with recovery after an error (part of the stage "read").

The reader comes here with a file that tree-sitter does not take as it stands: this parser says what is wrong in
Terraform's terms, or that nothing is.
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#structural-elements
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cognito_lint.model import Problem, Span
from cognito_lint.source import Source
from cognito_lint.terraform.hcl_parser import ExpressionParser
from cognito_lint.terraform.hcl_tokens import END, IDENTIFIER, NEWLINE, HclSyntaxError, Tokens
from cognito_lint.terraform.syntax import Attribute, Block, Body, Broken, Expression

MAX_BLOCKS = 40
MAX_PROBLEMS = 20
_NEXT_BLOCK = re.compile(
    r"^(?:check|data|ephemeral|import|locals|module|moved|output|provider|removed|resource|terraform|variable)"
    r'(?=[ \t"{])',
    re.MULTILINE,
)


def problem_of(error: HclSyntaxError, source: Source) -> Problem:
    """The error as a report shows it."""
    return Problem(source.span(error.start, error.end), error.message, error.help)


def broken(error: HclSyntaxError, source: Source) -> Broken:
    """What stands for an expression that cannot be read."""
    span = source.span(error.start, error.end)
    return Broken(f"the expression at {span.file}:{span.line}:{span.column} cannot be read: {error.message}", span)


def collect(items: Iterable[Attribute | Block], span: Span) -> Body:
    """The body that holds `items`; a name that is written twice is a problem, the last one wins."""
    problems: list[Problem] = []
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for item in items:
        if isinstance(item, Block):
            blocks.append(item)
            continue
        first = attributes.get(item.name)
        if first is not None:
            message = f"the argument {item.name} is set twice, first on line {first.span.line}"
            problems.append(Problem(item.span, message, "keep one of them"))
        attributes[item.name] = item
    return Body(attributes, tuple(blocks), span, tuple(problems))


class BodyParser:
    """Reads a whole file. `problems` holds every error met; what stands around them is read all the same."""

    def __init__(self, source: Source, position: int = 0, depth: int = 0) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._tokens = Tokens(source, position)
        self._depth = depth
        self._unclosed: int | None = None  # where a block should have been closed before
        self._by_column = False

    def file(self) -> Body:
        """The file's body. Where a block is not closed, the next one that stands in the first column ends it."""
        body = self._body(END, 0)
        if self._unclosed is not None:
            self.problems, self._unclosed, self._by_column = [], None, True
            self._tokens = Tokens(self._source, 0)
            body = self._body(END, 0)
        return Body(body.attributes, body.blocks, self._source.span(0, len(self._source.text)), body.problems)

    def block(self) -> Body:
        """The body of the one block that stands at the cursor, its problems and those of the blocks inside in it."""
        items: list[Attribute | Block] = []
        try:
            self._item(items)
        except HclSyntaxError as error:
            self._report(error)
        for item in items:
            if isinstance(item, Block):
                return Body(item.body.attributes, item.body.blocks, item.body.span, tuple(self.problems))
        return Body({}, (), self._source.span(self._tokens.last, self._tokens.last), tuple(self.problems))

    def _body(self, closing: str, opened: int) -> Body:
        tokens = self._tokens
        items: list[Attribute | Block] = []
        while tokens.kind not in (closing, END) and not (self._depth and self._at_next_block()):
            if tokens.kind == NEWLINE:
                tokens.advance()
                continue
            before = tokens.start
            try:
                self._item(items)
            except HclSyntaxError as error:
                self._report(error)
                self._recover(error)
                if tokens.start == before and tokens.kind != closing:
                    tokens.advance()  # whatever is wrong: no word is met twice
        body = collect(items, self._source.span(opened, tokens.end))
        self.problems += body.problems
        return body

    def _item(self, items: list[Attribute | Block]) -> None:
        tokens = self._tokens
        if tokens.kind != IDENTIFIER:
            raise tokens.unexpected("an argument or a block was expected")
        start, name = tokens.start, tokens.word
        tokens.advance()
        if tokens.kind == "=":
            items.append(self._attribute(name, start))
            self._line_end(f"a new line was expected after the argument {name}")
            return
        labels = self._labels(name)
        self._block(items, name, labels, start)
        self._line_end(f"a new line was expected after the block {name}")

    def _at_next_block(self) -> bool:
        """Whether the word at hand begins a block that stands in no other, by its name and its column."""
        return self._by_column and _NEXT_BLOCK.match(self._source.text, self._tokens.start) is not None

    def _line_end(self, expectation: str) -> None:
        if self._tokens.kind not in (NEWLINE, END) and not self._at_next_block():
            raise self._tokens.unexpected(expectation)

    def _attribute(self, name: str, start: int) -> Attribute:
        tokens, source = self._tokens, self._source
        name_span = source.span(start, start + len(name))
        tokens.advance()
        value = tokens.start
        try:
            expression: Expression = ExpressionParser(tokens).expression()
        except HclSyntaxError as error:
            self._report(error)
            if len(self.problems) >= MAX_PROBLEMS or not self._skip_value(value):
                self._recover(error)
            expression = broken(error, source)
        return Attribute(name, lambda: expression, name_span, source.span(start, max(tokens.last, start)))

    def _labels(self, name: str) -> tuple[str, ...]:
        tokens = self._tokens
        labels: list[str] = []
        while tokens.kind != "{":
            if tokens.kind == IDENTIFIER:
                labels.append(tokens.word)
                tokens.advance()
            elif tokens.kind == '"':
                start = tokens.start
                parts = ExpressionParser(tokens).quoted().parts
                label = parts[0] if parts else ""
                if not isinstance(label, str) or len(parts) > 1:
                    raise HclSyntaxError(start, tokens.last, "a block's label cannot hold a template")
                labels.append(label)
            elif labels and tokens.kind == NEWLINE and self._opens_on_next_line():
                self._report(tokens.unexpected(f'"{{" was expected for the block {name}'))
                tokens.advance()
            elif labels:
                raise tokens.unexpected(f'"{{" or a label was expected for the block {name}')
            else:
                raise tokens.unexpected(f'"=" or a block was expected after {name}')
        return tuple(labels)

    def _block(self, items: list[Attribute | Block], name: str, labels: tuple[str, ...], start: int) -> None:
        tokens, source = self._tokens, self._source
        if self._depth >= MAX_BLOCKS:
            message = f"the blocks are nested more than {MAX_BLOCKS} levels deep"
            raise HclSyntaxError(tokens.start, tokens.end, message)
        header = source.span(start, tokens.last)
        opened = tokens.start
        tokens.advance()
        self._depth += 1
        try:
            body = self._body("}", opened) if tokens.kind in (NEWLINE, END, "}") else self._single_line(opened)
        finally:
            self._depth -= 1
        if tokens.kind == "}":
            tokens.advance()
        elif self._unclosed != tokens.start:  # of several that would end here the innermost one is named
            self._unclosed = tokens.start
            error = HclSyntaxError(opened, opened + 1, f'the block {name} has no closing "}}"')
            self._report(error)
        items.append(Block(name, labels, lambda: body, header, source.span(start, tokens.last)))

    def _single_line(self, opened: int) -> Body:
        """`{ name = value }`: one argument and no block. More than that is reported and read all the same."""
        tokens = self._tokens
        items: list[Attribute | Block] = []
        while tokens.kind not in ("}", END):
            if items or tokens.kind in (NEWLINE, ","):
                message = "a block on one line holds one argument and is closed on that line"
                self._report(HclSyntaxError(tokens.start, tokens.end, message, "write each argument on its own line"))
            if tokens.kind in (NEWLINE, ","):
                tokens.advance()
                continue
            if tokens.kind != IDENTIFIER:
                raise tokens.unexpected("an argument was expected")
            start, name = tokens.start, tokens.word
            tokens.advance()
            if tokens.kind == "=":
                items.append(self._attribute(name, start))
            else:
                message = "a block on one line cannot hold another block"
                self._report(HclSyntaxError(start, tokens.last, message, "write each block on its own lines"))
                self._block(items, name, self._labels(name), start)
        body = collect(items, self._source.span(opened, tokens.end))
        self.problems += body.problems
        return body

    def _report(self, error: HclSyntaxError) -> None:
        problem = problem_of(error, self._source)
        if len(self.problems) < MAX_PROBLEMS and problem not in self.problems:
            self.problems.append(problem)

    def _opens_on_next_line(self) -> bool:
        return Tokens(self._source, self._tokens.end).kind == "{"

    def _skip_value(self, start: int) -> bool:
        """Go on behind a value whose brackets are all closed, though something else in it is wrong."""
        tokens, last = self._tokens, self._tokens.last
        tokens.newlines = True
        tokens.move(start)
        depth = 0
        while tokens.kind != END and depth >= 0 and not self._at_next_block():
            if tokens.kind == NEWLINE and depth == 0:
                tokens.last = tokens.start
                return True
            depth += (tokens.kind in ("{", "[", "(")) - (tokens.kind in ("}", "]", ")"))
            if tokens.kind == '"':
                self._skip_string()
            else:
                tokens.advance()
        tokens.last = last
        return False

    def _recover(self, error: HclSyntaxError) -> None:
        """Go on at the end of the line at fault, or before the bracket that closes what is around it."""
        tokens = self._tokens
        tokens.newlines = True
        tokens.move(max(error.start, tokens.last))
        depth = 0
        while tokens.kind != END:
            if tokens.kind in ("{", "[", "("):
                depth += 1
            elif tokens.kind in ("}", "]", ")"):
                if depth == 0 and tokens.kind == "}" and self._depth:
                    break
                depth = max(depth - 1, 0)
            elif tokens.kind == NEWLINE and depth == 0:
                break
            elif tokens.kind == '"':
                self._skip_string()
                continue
            tokens.advance()
        tokens.last = tokens.start

    def _skip_string(self) -> None:
        tokens = self._tokens
        start = tokens.start
        try:
            ExpressionParser(tokens).quoted()
        except HclSyntaxError:
            tokens.newlines = True
            line_end = tokens.text.find("\n", start)
            tokens.move(len(tokens.text) if line_end < 0 else line_end)
