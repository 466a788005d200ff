"""`--format concise`: one line for each finding, in the form that editors and problem matchers know."""

from __future__ import annotations

from cognito_lint.model import Finding
from cognito_lint.report.excerpt import where
from cognito_lint.report.plain import sentence, visible
from cognito_lint.report.report import Report


def render(report: Report) -> str:
    """`file:line:column: level[RULE] message (address)`, a line each."""
    return "".join(_line(finding) + "\n" for finding in report.active)


def _line(finding: Finding) -> str:
    span = finding.span
    address = f" ({where(finding)})" if finding.address is not None else ""
    place = f"{visible(span.file)}:{span.line}:{span.column}"
    return f"{place}: {finding.level}[{finding.rule}] {sentence(finding)}{address}"
