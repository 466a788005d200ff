"""The stage "read" of the Terraform wing: one file, whichever syntax it has, becomes a syntax tree."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from cognito_lint.files import Repository, UnreadableError, decode
from cognito_lint.inputs import HclReader
from cognito_lint.model import Span
from cognito_lint.source import Source
from cognito_lint.terraform.hcl_bodies import broken
from cognito_lint.terraform.hcl_parser import ExpressionParser
from cognito_lint.terraform.hcl_tokens import END, HclSyntaxError, Tokens
from cognito_lint.terraform.syntax import Broken, Expression, File, Template, Tuple

_NO_TEXT = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of bytes that are no text
MAX_SIZE = 8 * 1024 * 1024


def read_file(path: str, repository: Repository, reader: HclReader = "tree-sitter") -> File:
    """The tree of a `.tf`, `.tofu` or `.tfvars` file, or of its JSON form (the name ends in `.json`).

    Raises UnreadableError if the file cannot be read as text. Syntax errors stand in the file's problems.
    """
    data = repository.read(path)
    if len(data) > MAX_SIZE:
        bound = MAX_SIZE // (1024 * 1024)
        raise UnreadableError(Span(path), f"the file is larger than the bound of {bound} MiB for Terraform's language")
    text = _text(data, path)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError(Span(path), "the file is UTF-16; Terraform reads UTF-8 alone")
    if path.endswith(".json"):
        from cognito_lint.terraform import json_reader

        return json_reader.read(text, path)
    if reader == "python-hcl2":
        from cognito_lint.terraform import python_hcl2_reader

        return python_hcl2_reader.read(text, path)
    from cognito_lint.terraform import hcl_reader

    return hcl_reader.read(text.encode(), path)


def _text(data: bytes, path: str) -> str:
    """The text, with U+FFFD for bytes that are none where Terraform takes those: in comments, and anywhere in JSON.

    Raises UnreadableError.
    """
    try:
        return decode(data, path)
    except UnreadableError:
        text = data.decode(errors="surrogateescape")
        if not path.endswith(".json") and any(map(_NO_TEXT.search, _outside_comments(text))):
            raise
        return decode(data, path, tolerant=True)


def _outside_comments(text: str) -> Iterator[str]:
    from cognito_lint.terraform.comments import comments

    position = 0
    for comment in comments(text):
        yield text[position : comment.start]
        position = comment.end
    yield text[position:]


def parse_expression(text: str, path: str) -> Expression:
    """The expression that `text` is (`--var`, `TF_VAR_*`, a string of the JSON form); Broken if it is none.

    `path` is what spans show as the file.
    """
    return _parse(Source(path, text))


def _parse(source: Source) -> Expression:
    tokens = Tokens(source, 0, newlines=False)
    try:
        expression = ExpressionParser(tokens).expression()
        if tokens.kind != END:
            raise tokens.unexpected("the expression had ended")
    except HclSyntaxError as error:
        return broken(error, source)
    return expression


def parse_template(text: str, path: str) -> Template | Broken:
    """The template that `text` is (a template file, `templatestring`'s argument); Broken if it is none.

    Only `$${` and `%%{` are escapes in it.
    """
    source = Source(path, text)
    try:
        return ExpressionParser(Tokens(source, len(text))).whole_template()
    except HclSyntaxError as error:
        return broken(error, source)


def as_reference(expression: Expression) -> Expression:
    """What stands where Terraform wants a bare reference or a type (`ignore_changes`, `depends_on`, a variable's
    `type`) and the JSON form, like Terraform before 0.12, has a string: the expression in the string."""
    if isinstance(expression, Tuple):
        return Tuple(tuple(as_reference(item) for item in expression.items), expression.span)
    if not isinstance(expression, Template) or len(expression.parts) != 1 or not isinstance(expression.parts[0], str):
        return expression
    return _parse(_Quoted(expression.parts[0], expression.span))


class _Quoted(Source):
    """A string's text, whose every part stands where the string does."""

    __slots__ = ("_place",)

    def __init__(self, text: str, place: Span) -> None:
        super().__init__(place.file, text)
        self._place = place

    def span(self, start: int, end: int) -> Span:  # noqa: ARG002 - the interface of Source
        return self._place
