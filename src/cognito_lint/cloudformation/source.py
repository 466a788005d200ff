"""The text of one file and its positions: part of the stage "read"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from cognito_lint.files import UnreadableError
from cognito_lint.model import Problem, Span
from cognito_lint.source import Source as TextSource

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


class Source(TextSource):
    """A file's text without byte order mark. `repetitions` gathers the duplicate keys of the mappings looked at."""

    __slots__ = ("repetitions",)

    def __init__(self, path: str, text: str) -> None:
        super().__init__(path, text)
        self.repetitions: dict[Repetition, None] = {}

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`."""
        return super().span(start, max(start, end))

    def repeated(self, key: str, place: Span, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Note that a key is written twice: where first, and the stretches of its two values."""
        note = Problem(place, f"the key {key} is written again below; the last one counts", "keep one of the two")
        holds_pool = any(POOL_TYPE.search(self.text, start, end) for start, end in (first, last))
        self.repetitions[Repetition(note, self.span(*last), holds_pool)] = None

    def fail(self, offset: int, message: str) -> NoReturn:
        """Raise UnreadableError at a position."""
        raise UnreadableError(self.span(offset, offset + 1), message)
