"""`--format gitlab`: a report for GitLab's Code Quality widget.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import Any

from cognito_lint.model import Finding
from cognito_lint.report.excerpt import where
from cognito_lint.report.plain import encodable, sentence
from cognito_lint.report.report import Report, fingerprints, in_project

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def render(report: Report, project: str = "") -> str:
    """The report as JSON text. `project` is where the working directory lies in the GitLab project."""
    identities = fingerprints(report.active)
    issues = [_issue(finding, identity, project) for finding, identity in zip(report.active, identities, strict=True)]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _issue(finding: Finding, identity: str, project: str) -> dict[str, Any]:
    address = f" ({where(finding)})" if finding.address is not None else ""
    return {
        # the widget shows the description alone, so the rule is named there too
        "description": f"{finding.rule} {finding.name}: {sentence(finding)}{address}",
        "check_name": finding.rule,
        "fingerprint": identity,
        "severity": _SEVERITIES[finding.level],
        "location": {
            "path": encodable(in_project(finding.span.file, project)),
            "lines": {"begin": finding.span.line, "end": finding.span.end_line},
        },
    }
