"""`--format github`: annotations as the workflow commands of GitHub Actions.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from cognito_lint.model import Finding
from cognito_lint.report.excerpt import where
from cognito_lint.report.plain import visible
from cognito_lint.report.report import Report, in_project

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, project: str = "") -> str:
    """A command for each finding. `project` is where the working directory lies in the workflow's workspace."""
    return "".join(_command(finding, project) + "\n" for finding in report.active)


def _command(finding: Finding, project: str) -> str:
    span = finding.span
    properties = {
        "title": f"{finding.rule} {finding.name}",
        "file": in_project(span.file, project),
        "line": str(span.line),
        "endLine": str(span.end_line),
    }
    if span.end_line == span.line:  # columns of an annotation over several lines are refused
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    parts = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.level]} {parts}::{_data(_message(finding))}"


def _message(finding: Finding) -> str:
    lines = [finding.message, *(f"when {world}" for world in finding.when)]
    if finding.address is not None:
        lines.append(f"in {where(finding)}")
    if finding.help:
        lines.append(f"help: {finding.help}")
    return "\n".join(lines)


def _data(text: str) -> str:
    """What the runner's own unescaping turns back: percent signs and line ends."""
    return visible(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """In a property, a colon would end the command's head and a comma the property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
