"""The text of one file and its positions: part of the stage "read"."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from cognito_lint.files import UnreadableError
from cognito_lint.model import Problem, Span

POOL_TYPE = re.compile(r"AWS::Cognito::UserPool(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Repetition:
    """A key that is written twice in one mapping. `note` stands at the first, `value` is what counts.

    `holds_pool`: a user pool is declared below one of the two.
    """

    note: Problem
    value: Span
    holds_pool: bool


def contains(outer: Span, inner: Span) -> bool:
    """Whether one stretch lies within another."""
    return (
        outer.file == inner.file
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )


class Source:
    """A file's text without byte order mark. `repetitions` gathers the duplicate keys of the mappings looked at."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.repetitions: dict[Repetition, None] = {}

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

    def repeated(self, key: str, place: Span, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Note that a key is written twice: where first, and the stretches of its two values."""
        note = Problem(place, f"the key {key} is written again below; the last one counts", "keep one of the two")
        holds_pool = any(POOL_TYPE.search(self.text, start, end) for start, end in (first, last))
        self.repetitions[Repetition(note, self.span(*last), holds_pool)] = None

    def fail(self, offset: int, message: str) -> NoReturn:
        """Raise UnreadableError at a position."""
        raise UnreadableError(self.span(offset, offset + 1), message)
