"""Templates of HCL's native syntax: quoted strings, heredocs and template files.

Part of the stage "read", beside the parser of expressions.
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint.terraform.hcl_tokens import (
    IDENTIFIER,
    LINE_TEXT,
    QUOTED_TEXT,
    SPACES,
    HclSyntaxError,
    Tokens,
    unescape_quoted,
    unescape_template,
)
from cognito_lint.terraform.syntax import Expression, Template, TemplateFor, TemplateIf, TemplatePart


@dataclass(frozen=True, slots=True)
class _Interpolation:
    expression: Expression


@dataclass(frozen=True, slots=True)
class _Directive:
    """One `%{…}`: `expression` is an `if`'s condition or a `for`'s collection."""

    keyword: str
    start: int
    end: int
    expression: Expression | None = None
    key: str | None = None
    value: str = ""


_SIMPLE = re.compile(r"([^\"\\$%\r\n]*)\"")  # nothing that means another thing than itself, and the closing quote
_Piece: TypeAlias = "str | _Interpolation | _Directive"


class TemplateParser:
    """Reads the template that begins at the cursor; expressions inside are read by `expression`."""

    def __init__(self, tokens: Tokens, expression: Callable[[], Expression]) -> None:
        self._tokens = tokens
        self._expression = expression
        self._pieces: list[_Piece] = []
        self._trim_next = False

    def quoted(self) -> Template:
        """A quoted string; the cursor stands at its opening quote and is left behind the closing one."""
        tokens = self._tokens
        start, outside = tokens.start, tokens.newlines
        text, position = tokens.text, tokens.end
        simple = _SIMPLE.match(text, position)
        if simple is not None:  # most are
            tokens.go_past(simple.end())
            return Template((simple[1],) if simple[1] else (), tokens.source.span(start, tokens.last))
        while True:
            found = QUOTED_TEXT.match(text, position)
            if found is not None:
                self._text(unescape_quoted(found.group(), position))
                position = found.end()
            if text.startswith('"', position):
                break
            if text.startswith(("${", "%{"), position):
                position = self._sequence(position)
            elif position >= len(text):
                raise HclSyntaxError(start, start + 1, 'the quoted string has no closing "')
            else:
                raise HclSyntaxError(
                    start,
                    position,
                    "the quoted string is not closed on its line",
                    r"write \n for a line break, or use a heredoc (<<EOT)",
                )
        tokens.newlines = outside
        tokens.go_past(position + 1)
        return Template(self._parts(), tokens.source.span(start, position + 1))

    def heredoc(self) -> Template:
        """A heredoc; the cursor stands at its `<<` and is left behind the closing word, at the end of its line."""
        tokens = self._tokens
        start, outside, text = tokens.start, tokens.newlines, tokens.text
        opening = tokens.word
        marker = opening.lstrip("<-").rstrip("\r\n")
        position, at_line_start = tokens.end, True
        while True:
            if position >= len(text):
                raise HclSyntaxError(
                    start, start + len(opening.rstrip()), f"the heredoc has no closing {marker} on a line of its own"
                )
            if at_line_start:
                line_end = text.find("\n", position)
                line_end = len(text) if line_end < 0 else line_end
                if text[position:line_end].strip(SPACES) == marker:
                    end = text.index(marker, position) + len(marker)
                    break
            position, at_line_start = self._line(position)
        if opening.startswith("<<-"):
            _unindent(self._pieces)
        tokens.newlines = outside
        tokens.last = end
        tokens.move(line_end)
        return Template(self._parts(), tokens.source.span(start, end))

    def whole(self) -> Template:
        """The whole text as a template, as in a template file."""
        text, position = self._tokens.text, 0
        while position < len(text):
            position, _ = self._line(position)
        return Template(self._parts(), self._tokens.source.span(0, len(text)))

    def _text(self, text: str) -> None:
        self._pieces.append(text.lstrip(SPACES) if self._trim_next else text)
        self._trim_next = False

    def _line(self, position: int) -> tuple[int, bool]:
        """The literal up to the line's end or the next sequence, or that sequence; whether a new line begins."""
        text = self._tokens.text
        if text.startswith(("${", "%{"), position):
            return self._sequence(position), False
        found = LINE_TEXT.match(text, position)
        literal = found.group() if found else ""
        self._text(unescape_template(literal))
        return position + len(literal), literal.endswith("\n")

    def _sequence(self, position: int) -> int:
        """`${…}` or `%{…}` at `position`; answers where it ends."""
        tokens = self._tokens
        start = position
        position += 2
        if tokens.text.startswith("~", position):
            position += 1
            if self._pieces and isinstance(self._pieces[-1], str):
                self._pieces[-1] = self._pieces[-1].rstrip(SPACES)
        self._trim_next = False
        tokens.newlines = False
        tokens.last = position
        tokens.move(position)
        is_directive = tokens.text[start] == "%"
        piece = self._directive(start) if is_directive else _Interpolation(self._expression())
        if tokens.kind not in ("}", "~}"):
            what = "directive" if is_directive else "interpolation"
            raise tokens.unexpected(f'"}}" was expected to close the template {what}', start)
        self._trim_next = tokens.kind == "~}"
        self._pieces.append(piece)
        return tokens.end

    def _directive(self, start: int) -> _Directive:
        tokens = self._tokens
        keyword = tokens.word
        if tokens.kind != IDENTIFIER or keyword not in ("if", "else", "endif", "for", "endfor"):
            raise tokens.unexpected("a template keyword (if, else, endif, for, endfor) was expected", start)
        tokens.advance()
        key, value = None, ""
        if keyword == "for":
            key, value = for_names(tokens)
        expression = self._expression() if keyword in ("if", "for") else None
        return _Directive(keyword, start, tokens.end, expression, key, value)

    def _parts(self) -> tuple[TemplatePart, ...]:
        """What the Template holds: no empty text, except beside a lone interpolation, which it makes a string."""
        pieces = list(reversed(self._pieces))
        parts, _ = self._until(pieces, (), None)
        if len(parts) > 1:
            full = tuple(part for part in parts if part != "")
            if full and (len(full) > 1 or isinstance(full[0], (str, TemplateIf, TemplateFor))):
                return full
        return tuple(parts) if parts != [""] else ()

    def _until(
        self, pieces: list[_Piece], ends: tuple[str, ...], opened: _Directive | None
    ) -> tuple[list[TemplatePart], _Directive | None]:
        """The parts up to one of the `ends`, which is taken off `pieces` too and answered."""
        parts: list[TemplatePart] = []
        while pieces:
            piece = pieces.pop()
            if isinstance(piece, str):
                if parts and isinstance(parts[-1], str):
                    parts[-1] += piece
                else:
                    parts.append(piece)
            elif isinstance(piece, _Interpolation):
                parts.append(piece.expression)
            elif piece.keyword in ends:
                return parts, piece
            else:
                parts.append(self._compound(pieces, piece))
        if opened is not None:
            raise HclSyntaxError(
                opened.start, opened.end, f"the template directive %{{{opened.keyword}}} has no %{{{ends[-1]}}}"
            )
        return parts, None

    def _compound(self, pieces: list[_Piece], opening: _Directive) -> TemplatePart:
        span = self._tokens.source.span(opening.start, opening.end)
        if opening.keyword == "if" and opening.expression is not None:
            then, end = self._until(pieces, ("else", "endif"), opening)
            otherwise: list[TemplatePart] = []
            if end is not None and end.keyword == "else":
                otherwise, _ = self._until(pieces, ("endif",), opening)
            return TemplateIf(opening.expression, _full(then), _full(otherwise), span)
        if opening.keyword == "for" and opening.expression is not None:
            body, _ = self._until(pieces, ("endfor",), opening)
            return TemplateFor(opening.key, opening.value, opening.expression, _full(body), span)
        raise HclSyntaxError(
            opening.start, opening.end, f"the template directive %{{{opening.keyword}}} closes nothing that was opened"
        )


def _full(parts: list[TemplatePart]) -> tuple[TemplatePart, ...]:
    return tuple(part for part in parts if part != "")


def _unindent(pieces: list[_Piece]) -> None:
    """Take the common indentation off a `<<-` heredoc, in place.

    Texts are of one line each. The least indented line counts, blank lines don't; a line that begins with an
    interpolation has no indentation. As hashicorp/hcl's flushHeredocTemplateParts does it.
    """
    least: int | None = None
    indented: list[int] = []
    at_line_start = True
    for index, piece in enumerate(pieces):
        if at_line_start:
            at_line_start = False
            if isinstance(piece, str):
                trimmed = piece.lstrip(SPACES)
                if trimmed or not piece.endswith("\n"):
                    indented.append(index)
                    spaces = len(piece) - len(trimmed)
                    least = spaces if least is None else min(least, spaces)
            else:
                least = 0
        if isinstance(piece, str) and piece.endswith("\n"):
            at_line_start = True
    for index in indented:
        text = pieces[index]
        if isinstance(text, str):
            pieces[index] = text[least:]


def for_names(tokens: Tokens) -> tuple[str | None, str]:
    """The names of `for key, value in`; the cursor is left behind `in`."""
    names = []
    while True:
        if tokens.kind != IDENTIFIER:
            raise tokens.unexpected('a name was expected after "for"')
        names.append(tokens.word)
        tokens.advance()
        if tokens.kind != "," or len(names) == 2:
            break
        tokens.advance()
    if tokens.kind != IDENTIFIER or tokens.word != "in":
        raise tokens.unexpected('"in" was expected')
    tokens.advance()
    return (names[0] if len(names) == 2 else None), names[-1]
