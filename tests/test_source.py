"""Positions in a text, from the offsets that readers know."""

from __future__ import annotations

import pytest

from cognito_lint.source import Source

TEXT = "ab\ncd\n"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 2, (1, 1, 1, 3)),
        (1, 4, (1, 2, 2, 2)),
        (3, 6, (2, 1, 3, 1)),
        (6, 6, (3, 1, 3, 1)),
        (6, 7, (3, 1, 3, 2)),
        (7, 9, (3, 2, 3, 4)),
    ],
)
def test_a_span_has_lines_and_columns_even_behind_the_end(start, end, expected):
    """An error at the end of a file points there."""
    span = Source("main.tf", TEXT).span(start, end)
    assert expected == (span.line, span.column, span.end_line, span.end_column)
