"""The source line that a step points to, made safe to show and cut to a bearable length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cognito_lint.model import Finding, Span, Step, Trace
from cognito_lint.report.plain import visible
from cognito_lint.report.report import SourceText

MOST_STEPS = 8
_MOST_BEFORE, _MOST_MARKED, _MOST_AFTER = 60, 100, 60
_TAB = "    "
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One source line in three parts, visible characters only: `marked` is what the span covers, maybe nothing."""

    before: str
    marked: str
    after: str

    @property
    def line(self) -> str:
        """The line as a whole, without blanks at its end."""
        return (self.before + self.marked + self.after).rstrip()


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a value as it is shown: its first steps, how many are left out, its last steps."""

    first: Trace
    omitted: int = 0
    last: Trace = ()


def excerpt(source: SourceText, span: Span) -> Excerpt | None:
    """The line that a span begins on; None where there is no text to show."""
    text = source(span.file)
    if text is None:
        return None
    lines = _lines(text)
    if len(lines) < span.line:
        return None
    line = lines[span.line - 1].removesuffix("\r")
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    before, marked, after = line[:start], line[start : max(start, end)], line[max(start, end) :]
    if span.end_line != span.line:
        marked = marked.rstrip()
    return Excerpt(_shown(_cut_head(before)), _shown(_cut_middle(marked)), _shown(_cut_tail(after)))


@lru_cache(maxsize=8)
def _lines(text: str) -> list[str]:
    """Kept for a few files, for a large template is asked for a line as often as it has findings."""
    return text.split("\n")


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _cut_head(text: str) -> str:
    return text if len(text) <= _MOST_BEFORE else _CUT + text[-_MOST_BEFORE:]


def _cut_tail(text: str) -> str:
    return text if len(text) <= _MOST_AFTER else text[:_MOST_AFTER] + _CUT


def _cut_middle(text: str) -> str:
    half = _MOST_MARKED // 2
    return text if len(text) <= _MOST_MARKED else text[:half] + _CUT + text[-half:]


def way_of(finding: Finding) -> Way:
    """The place of a finding, then the way of its value."""
    steps = finding.trace
    if not steps or steps[0].span != finding.span:
        steps = (Step(finding.span, ""), *steps)
    return shorten(steps)


def shorten(steps: Trace) -> Way:
    """The steps; the first and the last of them where there are too many to read."""
    half = MOST_STEPS // 2
    return Way(steps) if len(steps) <= MOST_STEPS else Way(steps[:half], len(steps) - 2 * half, steps[-half:])


def where(finding: Finding) -> str:
    """What a finding is about: the pool's address, with its unit where that is not the file; else the file."""
    if finding.address is None:
        return visible(finding.span.file)
    return called(finding.address, finding.label, finding.unit, finding.span.file)


def called(address: str, label: str | None, unit: str, file: str) -> str:
    """An address, with the construct path that leads to the CDK's source, and with its unit where that is neither the
    working directory nor the file that is shown beside it."""
    more = ([label] if label else []) + ([] if unit in (".", file) else [f"in {unit}"])
    return visible(f"{address} ({', '.join(more)})" if more else address)
