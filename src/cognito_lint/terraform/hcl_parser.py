"""Expressions of HCL's native syntax, read as Terraform's own parser reads them (part of the stage "read").

tree-sitter finds where the arguments and blocks of a file stand; what an argument says is read here, only when it is
asked for: tree-sitter's own expression trees group `a ? b : c ? d : e` from the left, don't know `1e3` and don't see
where a newline ends an argument.
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from cognito_lint.model import Span
from cognito_lint.terraform.hcl_templates import TemplateParser, for_names
from cognito_lint.terraform.hcl_tokens import HEREDOC, IDENTIFIER, NEWLINE, NUMBER, HclSyntaxError, Tokens
from cognito_lint.terraform.syntax import (
    Binary,
    Broken,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    GetAttribute,
    Index,
    Literal,
    Object,
    Splat,
    SplatElement,
    Template,
    Tuple,
    Unary,
    Variable,
)

MAX_NESTING = 100
MAX_CHAIN = 250
MAX_DIGITS = 1_000
_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    ">": 4,
    ">=": 4,
    "<": 4,
    "<=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_SIGNS = ("-", "!")
_STEPS = (".", "[")
KEYWORDS = {"true": True, "false": False, "null": None}


class ExpressionParser:
    """Reads expressions at the cursor `tokens`. Raises HclSyntaxError for what Terraform would refuse."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._span = tokens.source.span
        self._depth = 0

    def expression(self) -> Expression:
        """A whole expression; the cursor is left at the first word behind it."""
        if self._depth:
            return self._conditional()
        start = self.tokens.start
        try:
            return self._conditional()
        except RecursionError:
            message = "the expression is nested too deeply to be read"
            raise HclSyntaxError(start, start + 1, message) from None

    def _conditional(self) -> Expression:
        """`a ? b : c ? d : e` is a chain, not a nest: people write long ones."""
        tokens = self.tokens
        self._enter()
        chain: list[tuple[int, Expression, Expression]] = []
        start = tokens.start
        result = self._binary(1)
        while tokens.kind == "?":
            self._link(len(chain), start)
            tokens.advance()
            then = self.expression()
            if tokens.kind != ":":
                raise tokens.unexpected('":" was expected before the conditional\'s other value')
            tokens.advance()
            chain.append((start, result, then))
            start = tokens.start
            result = self._binary(1)
        for start, condition, then in reversed(chain):
            result = Conditional(condition, then, result, self._span(start, tokens.last))
        self._depth -= 1
        return result

    def _binary(self, least: int) -> Expression:
        tokens = self.tokens
        start = tokens.start
        left = self._unary()
        links = 0
        while (precedence := _PRECEDENCE.get(tokens.kind, 0)) >= least:
            operator = tokens.kind
            tokens.advance()
            right = self._binary(precedence + 1)
            links = self._link(links, start)
            left = Binary(operator, left, right, self._span(start, tokens.last))
        return left

    def _link(self, links: int, start: int) -> int:
        if links >= MAX_CHAIN:
            message = f"the expression chains more than {MAX_CHAIN} operators or steps"
            raise HclSyntaxError(start, self.tokens.end, message)
        return links + 1

    def _unary(self) -> Expression:
        tokens = self.tokens
        if tokens.kind not in _SIGNS:
            return self._operand()
        signs: list[tuple[str, int]] = []
        while tokens.kind in _SIGNS:
            self._link(len(signs), tokens.start)
            signs.append((tokens.kind, tokens.start))
            tokens.advance()
        operand = self._operand()
        for operator, start in reversed(signs):
            operand = Unary(operator, operand, self._span(start, tokens.last))
        return operand

    def _operand(self) -> Expression:
        start = self.tokens.start
        source = self.term()
        return self._traversal(start, source) if self.tokens.kind in _STEPS else source

    def term(self) -> Expression:
        """The value at the cursor alone: nothing that is taken of it or calculated with it."""
        tokens = self.tokens
        kind, start = tokens.kind, tokens.start
        if kind == IDENTIFIER:
            return self._name()
        if kind == '"':
            return self.quoted()
        if kind == NUMBER:
            tokens.advance()
            return Literal(number(tokens.text[start : tokens.last], start), self._span(start, tokens.last))
        if kind == "(":
            outside = tokens.open(newlines=False)
            inner = self.expression()
            tokens.close(")", outside, start, "parenthesis")
            return inner
        if kind == "[":
            return self._tuple()
        if kind == "{":
            return self._object()
        if kind == HEREDOC:
            return self._template().heredoc()
        raise tokens.unexpected("an expression was expected")

    def quoted(self) -> Template:
        """The quoted string at the cursor."""
        return self._template().quoted()

    def whole_template(self) -> Template:
        """The whole text as a template."""
        return self._template().whole()

    def _template(self) -> TemplateParser:
        return TemplateParser(self.tokens, self.expression)

    def _name(self) -> Expression:
        tokens = self.tokens
        start, name = tokens.start, tokens.word
        tokens.advance()
        if name in KEYWORDS and tokens.kind not in ("(", "::"):
            return Literal(KEYWORDS[name], self._span(start, tokens.last))
        while tokens.kind == "::":
            tokens.advance()
            if tokens.kind != IDENTIFIER:
                raise tokens.unexpected('a function\'s name was expected after "::"')
            name += "::" + tokens.word
            tokens.advance()
            if tokens.kind not in ("::", "("):
                raise tokens.unexpected(f'"(" was expected after the function\'s name {name}')
        if tokens.kind == "(":
            return self._call(name, start)
        return Variable(name, self._span(start, tokens.last))

    def _call(self, name: str, start: int) -> Expression:
        tokens = self.tokens
        opened = tokens.start
        outside = tokens.open(newlines=False)
        arguments: list[Expression] = []
        expand = False
        while tokens.kind != ")" and not expand:
            arguments.append(self.expression())
            if tokens.kind == "...":
                expand = True
                tokens.advance()
            elif tokens.kind == ",":
                tokens.advance()
            else:
                break
        tokens.close(")", outside, opened, f"call of {name}")
        return Call(name, tuple(arguments), expand, self._span(start, tokens.last))

    def _tuple(self) -> Expression:
        tokens = self.tokens
        start = tokens.start
        outside = tokens.open(newlines=False)
        if tokens.kind == IDENTIFIER and tokens.word == "for":
            return self._for(start, outside, "]")
        items: list[Expression] = []
        while tokens.kind != "]":
            items.append(self.expression())
            if tokens.kind != ",":
                break
            tokens.advance()
        tokens.close("]", outside, start, "list")
        return Tuple(tuple(items), self._span(start, tokens.last))

    def _object(self) -> Expression:
        tokens = self.tokens
        start = tokens.start
        outside = tokens.open(newlines=False)
        if tokens.kind == IDENTIFIER and tokens.word == "for":
            return self._for(start, outside, "}")
        tokens.newlines = True
        tokens.move(tokens.last)
        items: list[tuple[Expression, Expression]] = []
        while True:
            while tokens.kind == NEWLINE:
                tokens.advance()
            if tokens.kind == "}":
                break
            key = self._key()
            if tokens.kind not in ("=", ":"):
                raise tokens.unexpected('"=" or ":" was expected after the object\'s key', start)
            tokens.advance()
            items.append((key, self.expression()))
            if tokens.kind not in (",", NEWLINE):
                break
            tokens.advance()
        tokens.close("}", outside, start, "object")
        return Object(tuple(items), self._span(start, tokens.last))

    def _key(self) -> Expression:
        tokens = self.tokens
        start = tokens.start
        key = self.expression()
        return object_key(key, tokens.text[start : tokens.last], self._span(start, tokens.last))

    def _for(self, start: int, outside: bool, closing: str) -> Expression:
        tokens = self.tokens
        tokens.advance()
        key, value = for_names(tokens)
        collection = self.expression()
        if tokens.kind != ":":
            raise tokens.unexpected('":" was expected after the collection of "for"', start)
        tokens.advance()
        result = self.expression()
        result_key: Expression | None = None
        if tokens.kind == "=>":
            if closing == "]":
                raise tokens.unexpected('a "for" in brackets has no key')
            tokens.advance()
            result_key, result = result, self.expression()
        elif closing == "}":
            raise tokens.unexpected('"=>" was expected after the key of "for"', start)
        grouped = tokens.kind == "..."
        if grouped:
            if closing == "]":
                raise tokens.unexpected('a "for" in brackets cannot group')
            tokens.advance()
        condition = None
        if tokens.kind == IDENTIFIER and tokens.word == "if":
            tokens.advance()
            condition = self.expression()
        tokens.close(closing, outside, start, '"for" expression')
        span = self._span(start, tokens.last)
        if result_key is None:
            return ForTuple(key, value, collection, result, condition, span)
        return ForObject(key, value, collection, result_key, result, condition, grouped, span)

    def _traversal(self, start: int, source: Expression) -> Expression:
        """What follows a term: `.name`, `.0`, `[key]`, `.*` and `[*]`."""
        tokens = self.tokens
        links = 0
        while tokens.kind in _STEPS:
            links = self._link(links, start)
            if tokens.kind == ".":
                tokens.advance()
                if tokens.kind == "*":
                    tokens.advance()
                    source = self._attribute_splat(start, source)
                else:
                    source = self._step(start, source)
                continue
            opened = tokens.start
            outside = tokens.open(newlines=False)
            if tokens.kind == "*":
                tokens.advance()
                tokens.close("]", outside, opened, "splat")
                self._enter()
                each = self._traversal(start, SplatElement())
                self._depth -= 1
                return Splat(source, each, True, self._span(start, tokens.last))
            key = self.expression()
            tokens.close("]", outside, opened, "index")
            source = Index(source, key, self._span(start, tokens.last))
        return source

    def _enter(self) -> None:
        if self._depth >= MAX_NESTING:
            message = f"the expression is nested more than {MAX_NESTING} levels deep"
            raise HclSyntaxError(self.tokens.start, self.tokens.end, message)
        self._depth += 1

    def _attribute_splat(self, start: int, source: Expression) -> Expression:
        tokens = self.tokens
        each: Expression = SplatElement()
        links = 0
        while tokens.kind == ".":
            links = self._link(links, start)
            tokens.advance()
            each = self._step(start, each)
        return Splat(source, each, False, self._span(start, tokens.last))

    def _step(self, start: int, source: Expression) -> Expression:
        """The name, or the old-style index, behind a dot."""
        tokens = self.tokens
        name = tokens.word
        if tokens.kind == IDENTIFIER:
            tokens.advance()
            return GetAttribute(source, name, self._span(start, tokens.last))
        if tokens.kind == NUMBER and name.isdecimal():
            position = Literal(number(name, tokens.start), self._span(tokens.start, tokens.end))
            tokens.advance()
            return Index(source, position, self._span(start, tokens.last))
        if tokens.kind == NUMBER:
            raise HclSyntaxError(
                tokens.start,
                tokens.end,
                f'".{name}" is no index: Terraform reads {name} as one number',
                "write each index in brackets, as in [0][1]",
            )
        raise tokens.unexpected('an attribute\'s name was expected after "."')


def number(text: str, start: int) -> int | Decimal:
    """An integer where the number `text`, at offset `start`, is whole, else a Decimal.

    Raises HclSyntaxError past MAX_DIGITS.
    """
    try:
        number = Decimal(text)
        if len(text) <= MAX_DIGITS and abs(number.adjusted()) <= MAX_DIGITS:
            return int(number) if number == number.to_integral_value() else number
    except InvalidOperation:
        pass
    raise HclSyntaxError(start, start + len(text), f"the number has more than {MAX_DIGITS:,} digits")


def object_key(key: Expression, text: str, span: Span) -> Expression:
    """What an object's key, written as `text`, means: a bare word is its own text, what stands in parentheses is
    evaluated."""
    if text.startswith("("):
        return key
    if isinstance(key, Variable) or (isinstance(key, Literal) and text in KEYWORDS):
        return Template((text,), span)
    if _is_reference(key):
        return Broken(f"the key {text} is ambiguous: write ({text}) for the value, or quote it", span)
    return key


def _is_reference(key: Expression) -> bool:
    """Whether the key is a bare word with steps behind it."""
    while isinstance(key, (GetAttribute, Index)):
        if isinstance(key, Index) and not isinstance(key.key, (Literal, Template)):
            return False
        key = key.source
    return isinstance(key, Variable)
