"""`--format text`: findings with their source, the way that the value came, and what to write instead."""

from __future__ import annotations

import unicodedata

from cognito_lint.model import Finding, Span, Step
from cognito_lint.report.report import Report, SourceText
from cognito_lint.report.style import Style

_TAB = "    "
_MOST_STEPS = 8


def render(report: Report, source: SourceText, style: Style) -> str:
    """Every finding as a paragraph of its own; empty where there is none."""
    return "".join(_finding(finding, source, style) + "\n" for finding in report.findings)


def _finding(finding: Finding, source: SourceText, style: Style) -> str:
    where = finding.address or finding.span.file
    if finding.address and finding.unit not in (".", finding.span.file):
        where += f" (in {finding.unit})"
    head = style.level(f"{finding.level}[{finding.rule}]", finding.level)
    lines = [f"{head} {style.paint(f'{finding.name}: {where}', 'strong')}", f"  {finding.message}"]
    lines += [f"  when {world}" for world in finding.when]
    steps = _steps(finding)
    width = max(len(str(step.span.line)) for step in steps)
    for step in steps:
        lines += _excerpt(step, source, style, width, first=step is steps[0], finding=finding)
    if finding.help:
        lines.append(f"  {style.paint('help', 'good')}: {finding.help}")
    return "\n".join(lines) + "\n"


def _steps(finding: Finding) -> list[Step]:
    """The place of the finding, then the trace; a long trace keeps its ends."""
    steps = list(finding.trace)
    if not steps or steps[0].span != finding.span:
        steps.insert(0, Step(finding.span, ""))
    if len(steps) > _MOST_STEPS:
        steps = [*steps[: _MOST_STEPS // 2], *steps[-_MOST_STEPS // 2 :]]
    return steps


def _excerpt(step: Step, source: SourceText, style: Style, width: int, *, first: bool, finding: Finding) -> list[str]:
    span = step.span
    lines = [f"{' ' * width}{style.paint('-->', 'faint')} {span.file}:{span.line}:{span.column}"]
    line = _line(source, span)
    if line is not None:
        gutter = style.paint(f"{span.line:>{width}} |", "faint")
        lines.append(f"{gutter} {line.replace(chr(9), _TAB)}".rstrip())
        marker = _marker(line, span, "^" if first else "-") + (f" {step.text}" if step.text else "")
        marker = style.level(marker, finding.level) if first else style.paint(marker, "faint")
        lines.append(f"{' ' * width} {style.paint('|', 'faint')} {_indent(line, span)}{marker}")
    elif step.text:
        lines.append(f"{' ' * width} {style.paint('|', 'faint')} {step.text}")
    return lines


def _line(source: SourceText, span: Span) -> str | None:
    text = source(span.file)
    if text is None:
        return None
    lines = text.split("\n", span.line)
    if len(lines) < span.line:
        return None
    line = lines[span.line - 1].rstrip("\r")
    return line if len(line) <= 300 else None


def _indent(line: str, span: Span) -> str:
    return " " * _columns(line[: span.column - 1])


def _marker(line: str, span: Span, mark: str) -> str:
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return mark * max(1, _columns(line[span.column - 1 : end].rstrip()))


def _columns(text: str) -> int:
    """The columns that a text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    combining = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - combining + text.count("\t") * (len(_TAB) - 1)
