"""The words of HCL's native syntax, and the texts between them: part of the stage "read", below the parser.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#lexical-elements
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from cognito_lint.source import Source

NEWLINE = "newline"
END = "end of file"
IDENTIFIER = "identifier"
NUMBER = "number"
HEREDOC = "heredoc"

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)

_IDENTIFIER = r"[^\W\d][\w-]*"
_ASIDE = r"|/\*.*?\*/|(?:#|//)[^\n]*|\r(?=\n))*"
_WORD = (
    rf"(?:({_IDENTIFIER})"
    r"|([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    rf"|(<<-?{_IDENTIFIER}\r?\n)"
    r"|(\.\.\.|=>|==|!=|>=|<=|&&|\|\||::|~\}|[{}()\[\]=:,.?+\-*/%!<>\"\n])|()"
    r")"
)


def _matcher(blanks: str) -> Callable[[str, int], re.Match[str]]:
    """Finds the next word. The last group of _WORD matches anywhere."""
    pattern = re.compile(blanks + _ASIDE + _WORD, re.DOTALL)
    return cast("Callable[[str, int], re.Match[str]]", pattern.match)


_KINDS = ("", IDENTIFIER, NUMBER, HEREDOC)  # by the group of _WORD that matched
_SIGN = len(_KINDS)
_IN_LINE = _matcher(r"(?:[ \t]+")
_ACROSS_LINES = _matcher(r"(?:[ \t\n]+")
QUOTED_TEXT = re.compile(r"(?:[^\"\\$%\r\n]|\\[^\r\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+")
"""What stands in a quoted string up to its end or the next sequence."""
LINE_TEXT = re.compile(r"(?:[^$%\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*\n?")
"""What stands in a heredoc up to the end of the line or the next sequence."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_TEMPLATE_ESCAPE = re.compile(r"([$%])\1\{")


class HclSyntaxError(Exception):
    """What Terraform's own parser would refuse, from offset `start` to `end`; the message is for a person."""

    def __init__(self, start: int, end: int, message: str, help_text: str = "") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message
        self.help = help_text


class Tokens:
    """A cursor over the words of a text: `kind` (an operator is its own kind), `start` and `end` of the word at hand.

    `newlines` says whether a line's end is a word, which depends on the brackets around it; `last` is the end of the
    word before.
    """

    __slots__ = ("end", "kind", "last", "newlines", "source", "start", "text")

    def __init__(self, source: Source, position: int, *, newlines: bool = True) -> None:
        self.source = source
        self.text = source.text
        self.newlines = newlines
        self.last = position
        self.kind = END
        self.start = self.end = position
        self.move(position)

    def advance(self) -> None:
        """Go to the next word."""
        self.last = self.end
        self.move(self.end)

    def go_past(self, end: int) -> None:
        """Go to the next word after a text that ends at `end`."""
        self.last = end
        self.move(end)

    def move(self, position: int) -> None:
        """Go to the first word at or after `position`."""
        found = (_IN_LINE if self.newlines else _ACROSS_LINES)(self.text, position)
        group = found.lastindex or 0
        self.start, self.end = found.span(group)
        if group < _SIGN:
            self.kind = _KINDS[group]
        elif group == _SIGN:
            sign = found[group]
            self.kind = NEWLINE if sign == "\n" else sign
        elif self.start >= len(self.text):
            self.kind = END
        else:
            self.kind = self.text[self.start]
            self.end += 1

    @property
    def word(self) -> str:
        """The word at hand as written."""
        return self.text[self.start : self.end]

    def open(self, *, newlines: bool) -> bool:
        """Go past an opening bracket; answers how newlines counted outside, for `close`."""
        outside = self.newlines
        self.newlines = newlines
        self.advance()
        return outside

    def close(self, kind: str, outside: bool, opened: int, what: str) -> None:
        """Go past the closing bracket `kind` of what was opened at offset `opened`."""
        if self.kind != kind:
            raise self.unexpected(f'"{kind}" was expected to close the {what}', opened)
        self.newlines = outside
        self.advance()

    def unexpected(self, expectation: str, start: int | None = None) -> HclSyntaxError:
        """The error that the word at hand is not what was expected."""
        if self.kind in (END, NEWLINE):
            found = f"the {'file' if self.kind == END else 'line'} ends where {expectation}"
        elif self.kind == HEREDOC:
            found = f"found a heredoc where {expectation}"
        else:
            found = f"found {_quote(self.word)} where {expectation}"
        if self.kind == END and start is not None:
            return HclSyntaxError(start, start + 1, found)
        end = self.start if self.kind == NEWLINE else self.end
        return HclSyntaxError(self.start, max(end, self.start), found)


def _quote(word: str) -> str:
    return f'"{word}"' if word.isprintable() and word != '"' else repr(word)


def unescape_quoted(text: str, offset: int) -> str:
    r"""The text of a quoted literal: `\n`, `\"`, `\u00e9`, `$${` and `%%{` mean what HCL says.

    `offset` is where the text begins. Raises HclSyntaxError.
    """
    if "\\" not in text and "{" not in text:
        return text

    def replace(found: re.Match[str]) -> str:
        short, long, single = found.groups()
        if short or long:
            code = int(short or long, 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                return "\ufffd"
            return chr(code)
        if single is None:
            return found.group()[1:]
        if single not in _SIMPLE_ESCAPES:
            start = offset + found.start()
            raise HclSyntaxError(
                start,
                start + 2,
                f'"\\{single}" is not an escape sequence of a quoted string',
                'for a backslash itself write "\\\\"',
            )
        return _SIMPLE_ESCAPES[single]

    return _ESCAPE.sub(replace, text)


def unescape_template(text: str) -> str:
    """The text of a heredoc's or a template file's literal, where only `$${` and `%%{` are escapes."""
    return _TEMPLATE_ESCAPE.sub(lambda found: found.group(1) + "{", text) if "{" in text else text
