"""The second reader of HCL's native syntax, on python-hcl2: a reference for the default one, chosen with
`--hcl-reader python-hcl2` (part of the stage "read").

Heredocs and template directives, which python-hcl2 hands over as text, are read by our own template parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cognito_lint.files import UnreadableError
from cognito_lint.model import Problem, Span
from cognito_lint.source import Source
from cognito_lint.terraform.hcl_bodies import MAX_BLOCKS, broken, collect, problem_of
from cognito_lint.terraform.hcl_parser import KEYWORDS, MAX_NESTING, ExpressionParser, number, object_key
from cognito_lint.terraform.hcl_tokens import HclSyntaxError, Tokens, unescape_quoted
from cognito_lint.terraform.syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    File,
    ForObject,
    ForTuple,
    GetAttribute,
    Index,
    Literal,
    Object,
    Splat,
    SplatElement,
    Template,
    TemplatePart,
    Tuple,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from lark import Tree

_ADVICE = "install cognito-lint[python-hcl2] into an environment without Checkov, or leave out --hcl-reader"
_HEREDOC = re.compile(r"<<-?([^\W\d][\w.-]*)\r?\n")


def read(text: str, path: str) -> File:
    """The file that `text` is. Raises UnreadableError if python-hcl2 is not installed, or another `hcl2` is."""
    parse = _parser(path)
    from lark.exceptions import LarkError, UnexpectedInput

    source = Source(path, text)
    nothing = Body({}, (), source.span(0, len(text)))
    try:
        tree = parse(_with_plain_ends(text))
    except UnexpectedInput as error:
        line, column = max(error.line, 1), max(error.column, 1)
        place = Span(path, line, column, line, column + 1)
        return File(path, nothing, (Problem(place, "python-hcl2 cannot read the file from here on"),))
    except (LarkError, RecursionError) as error:
        return File(path, nothing, (Problem(Span(path), f"python-hcl2 cannot read the file: {error}"),))
    try:
        body = _Converter(source).body(tree.children[0], 0)
    except HclSyntaxError as error:
        return File(path, nothing, (problem_of(error, source),))
    return File(path, body, body.problems)


def _with_plain_ends(text: str) -> str:
    """The text as python-hcl2 has to see it: where blanks follow the end of a heredoc, it takes everything up to a
    later end for text, and blocks are lost. They stand before the end here, so that every offset stays."""
    names = sorted(set(_HEREDOC.findall(text)))
    if not names:
        return text
    ends = rf"(?m)^([ \t]*(?:{'|'.join(map(re.escape, names))}))([ \t]+)(?=\r?$)"
    return re.sub(ends, r"\2\1", text)


def _parser(path: str) -> Callable[[str], Tree[Any]]:
    try:
        import hcl2
    except ImportError as error:
        raise UnreadableError(Span(path), f"python-hcl2 is not installed: {_ADVICE}") from error
    parse: Callable[[str], Tree[Any]] | None = getattr(hcl2, "parses_to_tree", None)
    if parse is None:
        message = f"the module hcl2 found here is not python-hcl2 8, but another, such as Checkov's fork: {_ADVICE}"
        raise UnreadableError(Span(path), message)
    return parse


def _trees(tree: Tree[Any]) -> list[Tree[Any]]:
    """The children that say something: neither words alone nor comments."""
    return [child for child in tree.children if hasattr(child, "data") and child.data != "new_line_or_comment"]


def _kind(tree: Tree[Any]) -> str:
    return str(tree.data)


class _Converter:
    """Turns lark's tree into ours."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._depth = 0

    def _span(self, tree: Tree[Any]) -> Span:
        return self._source.span(*_extent(tree))

    def body(self, tree: Tree[Any], depth: int) -> Body:
        """A body with everything in it."""
        if depth > MAX_BLOCKS:
            raise HclSyntaxError(*_extent(tree), f"the blocks are nested more than {MAX_BLOCKS} levels deep")
        found = collect([self._item(child, depth) for child in _trees(tree)], self._span(tree))
        inside = [problem for block in found.blocks for problem in block.body.problems]
        return replace(found, problems=(*inside, *found.problems))

    def _item(self, tree: Tree[Any], depth: int) -> Attribute | Block:
        name, *others = _trees(tree)
        if _kind(tree) == "attribute":
            expression = self._attribute_value(others[0])
            return Attribute(_word(name), lambda: expression, self._span(name), self._span(tree))
        *labels, inside = others
        body = self.body(inside, depth + 1)
        header = self._source.span(_extent(name)[0], _extent(labels[-1] if labels else name)[1])
        return Block(_word(name), tuple(map(self._label, labels)), lambda: body, header, self._span(tree))

    def _attribute_value(self, tree: Tree[Any]) -> Expression:
        try:
            return self.expression(tree)
        except HclSyntaxError as error:
            return broken(error, self._source)

    def _label(self, tree: Tree[Any]) -> str:
        if _kind(tree) != "string":
            return _word(tree)
        start, end = _extent(tree)
        return unescape_quoted(self._source.text[start + 1 : end - 1], start + 1)

    def expression(self, tree: Tree[Any]) -> Expression:
        """Any expression."""
        self._depth += 1
        if self._depth > 2 * MAX_NESTING:
            raise HclSyntaxError(*_extent(tree), f"the expression is nested more than {MAX_NESTING} levels deep")
        try:
            convert = getattr(self, "_" + _kind(tree), None)
            if convert is None:
                raise HclSyntaxError(*_extent(tree), f"python-hcl2 reads a {_kind(tree)} here, which is not known")
            result: Expression = convert(tree, self._span(tree))
            return result
        finally:
            self._depth -= 1

    def _expr_term(self, tree: Tree[Any], _span: Span) -> Expression:
        return self.expression(_trees(tree)[0])

    def _conditional(self, tree: Tree[Any], span: Span) -> Expression:
        condition, then, otherwise = map(self.expression, _trees(tree))
        return Conditional(condition, then, otherwise, span)

    def _binary_op(self, tree: Tree[Any], span: Span) -> Expression:
        left, term = _trees(tree)
        operator, right = _trees(term)
        return Binary(str(operator.children[0]).strip(), self.expression(left), self.expression(right), span)

    def _unary_op(self, tree: Tree[Any], span: Span) -> Expression:
        return Unary(str(tree.children[0]), self.expression(_trees(tree)[0]), span)

    def _int_lit(self, tree: Tree[Any], span: Span) -> Expression:
        text = str(tree.children[0])
        start, _ = _extent(tree)
        if text.startswith("-"):
            return Unary("-", Literal(number(text[1:], start), span), span)
        return Literal(number(text, start), span)

    _float_lit = _int_lit

    def _literal_value(self, tree: Tree[Any], span: Span) -> Expression:
        return Literal(KEYWORDS[_word(tree)], span)

    def _identifier(self, tree: Tree[Any], span: Span) -> Expression:
        return Variable(_word(tree), span)

    def _string(self, tree: Tree[Any], span: Span) -> Expression:
        parts: list[TemplatePart] = []
        for part in _trees(tree):
            inner: Any = part.children[0]
            if hasattr(inner, "data"):
                if _kind(inner) != "interpolation":
                    return self._own(tree)
                parts.append(self.expression(_trees(inner)[0]))
                continue
            text = unescape_quoted(str(inner), inner.start_pos)
            if parts and isinstance(parts[-1], str):
                parts[-1] += text
            else:
                parts.append(text)
        return Template(tuple(parts), span)

    def _own(self, tree: Tree[Any], _span: Span | None = None) -> Expression:
        """What python-hcl2 leaves as text, read by our own parser."""
        return ExpressionParser(Tokens(self._source, _extent(tree)[0])).term()

    _heredoc_template = _heredoc_template_trim = _own

    def _tuple(self, tree: Tree[Any], span: Span) -> Expression:
        return Tuple(tuple(map(self.expression, _trees(tree))), span)

    def _object(self, tree: Tree[Any], span: Span) -> Expression:
        items = []
        for element in _trees(tree):
            key, value = _trees(element)
            items.append((self._key(key), self.expression(value)))
        return Object(tuple(items), span)

    def _key(self, tree: Tree[Any]) -> Expression:
        inner = _trees(tree)[0]
        span = self._span(inner)
        if _kind(inner) == "keyword":
            return Template((_word(inner),), span)
        start, end = _extent(inner)
        return object_key(self.expression(inner), self._source.text[start:end], span)

    def _function_call(self, tree: Tree[Any], span: Span) -> Expression:
        parts = _trees(tree)
        names = [_word(part) for part in parts if _kind(part) == "identifier"]
        arguments = [part for part in parts if _kind(part) == "arguments"]
        expand = any(getattr(child, "type", "") == "ELLIPSIS" for part in arguments for child in part.children)
        values = tuple(self.expression(value) for part in arguments for value in _trees(part))
        return Call("::".join(names), values, expand, span)

    def _get_attr_expr_term(self, tree: Tree[Any], _span: Span) -> Expression:
        source, step = _trees(tree)
        return self._after(source, lambda inner: self._step(inner, step))

    _index_expr_term = _get_attr_expr_term

    def _full_splat_expr_term(self, tree: Tree[Any], span: Span) -> Expression:
        source, splat = _trees(tree)

        def apply(inner: Expression) -> Expression:
            each: Expression = SplatElement()
            for step in _trees(splat):
                each = self._step(each, step)
            return Splat(inner, each, True, span)

        return self._after(source, apply)

    def _attr_splat_expr_term(self, tree: Tree[Any], span: Span) -> Expression:
        source, splat = _trees(tree)

        def apply(inner: Expression) -> Expression:
            steps = _trees(splat)
            each: Expression = SplatElement()
            while steps and _kind(steps[0]) != "braces_index":
                each = self._step(each, steps.pop(0))
            result: Expression = Splat(inner, each, False, span)
            for step in steps:
                result = self._step(result, step)
            return result

        return self._after(source, apply)

    def _after(self, source: Tree[Any], apply: Callable[[Expression], Expression]) -> Expression:
        """`apply` to the source, or to what a `[*]` in it takes of every element: it goes on to the end."""
        expression = self.expression(source)
        closed = self._source.text[_extent(source)[1] - 1] == ")"
        return self._deepest(expression, apply, closed=closed)

    def _deepest(
        self, expression: Expression, apply: Callable[[Expression], Expression], *, closed: bool
    ) -> Expression:
        if isinstance(expression, Splat) and expression.full and not closed:
            each = self._deepest(expression.each, apply, closed=False)
            return Splat(expression.source, each, True, expression.span)
        return apply(expression)

    def _step(self, source: Expression, step: Tree[Any]) -> Expression:
        span = self._span(step)
        if _kind(step) == "get_attr":
            return GetAttribute(source, _word(_trees(step)[0]), span)
        if _kind(step) == "short_index":
            start, _ = _extent(step)
            return Index(source, Literal(number(str(step.children[-1]), start), span), span)
        return Index(source, self.expression(_trees(step)[0]), span)

    def _for_tuple_expr(self, tree: Tree[Any], span: Span) -> Expression:
        intro, result, *rest = _trees(tree)
        key, value, collection = self._intro(intro)
        condition = self.expression(_trees(rest[0])[0]) if rest else None
        return ForTuple(key, value, collection, self.expression(result), condition, span)

    def _for_object_expr(self, tree: Tree[Any], span: Span) -> Expression:
        intro, result_key, result, *rest = _trees(tree)
        key, value, collection = self._intro(intro)
        condition = self.expression(_trees(rest[0])[0]) if rest else None
        grouped = any(getattr(child, "type", "") == "ELLIPSIS" for child in tree.children)
        return ForObject(
            key, value, collection, self.expression(result_key), self.expression(result), condition, grouped, span
        )

    def _intro(self, tree: Tree[Any]) -> tuple[str | None, str, Expression]:
        *names, collection = _trees(tree)
        words = list(map(_word, names))
        return (words[0] if len(words) == 2 else None), words[-1], self.expression(collection)


def _extent(tree: Tree[Any]) -> tuple[int, int]:
    meta = tree.meta
    return (0, 0) if meta.empty else (meta.start_pos, meta.end_pos)


def _word(tree: Tree[Any]) -> str:
    return next(_words(tree))


def _words(tree: Tree[Any]) -> Iterator[str]:
    for child in tree.children:
        if hasattr(child, "data"):
            yield from _words(child)
        else:
            yield str(child)
