"""Positions in a text: the way from an offset to the line and column that a person sees. Every reader stands on it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from cognito_lint.model import Span


class Source:
    """A file's text, and spans by character offsets. Lines end at a line feed, as they do for Terraform."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    def span(self, start: int, end: int) -> Span:
        """The span from offset `start` to offset `end` (exclusive)."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Span(self.path, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        if self._starts is None:
            starts = [0]
            found = self.text.find("\n")
            while found >= 0:
                starts.append(found + 1)
                found = self.text.find("\n", found + 1)
            self._starts = starts
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: the offsets of the whole of it, and of what is written between its signs."""

    start: int
    end: int
    text_start: int
    text_end: int
