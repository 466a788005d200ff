"""`--format text`: findings with their source, the way that the value came, and what to write instead."""

from __future__ import annotations

from cognito_lint.model import Finding, Step
from cognito_lint.report.excerpt import excerpt, way_of, where
from cognito_lint.report.plain import columns, plural, visible
from cognito_lint.report.report import Report, SourceText
from cognito_lint.report.style import Style


def render(report: Report, source: SourceText, style: Style) -> str:
    """Every finding as a paragraph of its own; empty where there is none."""
    return "".join(paragraph(finding, source, style) + "\n" for finding in report.active)


def paragraph(finding: Finding, source: SourceText, style: Style) -> str:
    """One finding, with a line feed at its end."""
    head = style.level(f"{finding.level}[{finding.rule}]", finding.level)
    lines = [f"{head} {style.paint(f'{finding.name}: {where(finding)}', 'strong')}", f"  {visible(finding.message)}"]
    lines += [f"  when {visible(world)}" for world in finding.when]
    way = way_of(finding)
    width = max(len(str(step.span.line)) for step in (*way.first, *way.last))
    for index, step in enumerate(way.first):
        lines += _excerpt(step, source, style, width, finding if index == 0 else None)
    if way.omitted:
        lines.append(f"{' ' * width} ... {plural(way.omitted, 'step')} more")
    for step in way.last:
        lines += _excerpt(step, source, style, width, None)
    if finding.help:
        lines.append(f"  {style.paint('help', 'good')}: {visible(finding.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(step: Step, source: SourceText, style: Style, width: int, primary: Finding | None) -> list[str]:
    """A step's place, its line and a marker under it: carets in the level's colour for the finding's own place."""
    span = step.span
    margin = " " * width
    text = visible(step.text)
    bar = style.paint("|", "faint")
    lines = [f"{margin}{style.paint('-->', 'faint')} {visible(span.file)}:{span.line}:{span.column}"]
    found = excerpt(source, span)
    if found is None:
        return [*lines, f"{margin} {bar} {text}"] if text else lines
    lines.append(f"{style.paint(f'{span.line:>{width}} |', 'faint')} {found.line}".rstrip())
    mark = ("^" if primary else "-") * max(1, columns(found.marked)) + (f" {text}" if text else "")
    mark = style.level(mark, primary.level) if primary else style.paint(mark, "faint")
    return [*lines, f"{margin} {bar} {' ' * columns(found.before)}{mark}"]
