"""Positions in a text: the way from an offset to the line and column that a person sees, and what is wrong there.

Every reader stands on it.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from cognito_lint.model import Span

MAX_NESTING = 500
TOO_DEEP = f"the file is nested deeper than the bound of {MAX_NESTING} levels"


class InputError(Exception):
    """Something that was given to read is wrong. `span` says where, `message` what, in words for a person."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message

    @property
    def placed(self) -> str:
        """The message behind its place."""
        return f"{self.span.file}:{self.span.line}:{self.span.column}: {self.message}"


class Source:
    """A file's text, and spans by character offsets. Lines end at a line feed, as they do for Terraform."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] = []

    def span(self, start: int, end: int) -> Span:
        """The span from offset `start` to offset `end` (exclusive)."""
        starts = self._starts or self._line_starts()
        line = end_line = bisect_right(starts, start)
        if end >= starts[line]:
            end_line = bisect_right(starts, end)
        return Span(self.path, line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1)

    def _line_starts(self) -> list[int]:
        self._starts = [*accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0)]
        self._starts[-1] = sys.maxsize  # no line begins behind the end, wherever an error points
        return self._starts


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: the offsets of the whole of it, and of what is written between its signs."""

    start: int
    end: int
    text_start: int
    text_end: int
