"""The text of one file and its positions: part of the stage "read"."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NoReturn

from cognito_lint.files import UnreadableError
from cognito_lint.model import Problem, Span


class Source:
    """A file's text without byte order mark. `notes` gathers what is odd and yet read, such as duplicate keys."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.notes: dict[Problem, None] = {}

    @cached_property
    def _lines(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`."""
        line, column = self._position(start)
        end_line, end_column = self._position(max(start, end))
        return Span(self.path, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def fail(self, offset: int, message: str) -> NoReturn:
        """Raise UnreadableError at a position."""
        raise UnreadableError(self.span(offset, offset + 1), message)
