"""`--format json`, version 1: a contract. Same input, same bytes."""

from __future__ import annotations

import json
from typing import Any

from cognito_lint import __version__
from cognito_lint.model import Finding, Span, Step, Suppression, Unknown, Value, Verdict
from cognito_lint.report.report import JudgedPool, Report, fingerprint
from cognito_lint.rules.verdict import Deployment
from cognito_lint.spaces import World

VERDICTS: tuple[Verdict, ...] = ("enforced", "not-enforced", "conditional", "unproven", "not-deployed")


def render(report: Report) -> str:
    """The report as JSON text, with a line feed at its end."""
    return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    verdicts = report.verdicts()
    return {
        "version": 1,
        "tool": {"name": "cognito-lint", "version": __version__},
        "summary": {
            "files": report.files,
            "pools": len(report.pools),
            **{verdict: verdicts[verdict] for verdict in VERDICTS},
            "errors": report.count("error"),
            "warnings": report.count("warning"),
            "notes": report.count("note"),
            "suppressed": report.suppressed,
        },
        "pools": [_pool(judged) for judged in report.pools],
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [{**_start(problem.span), "message": problem.message} for problem in report.errors],
    }


def _pool(judged: JudgedPool) -> dict[str, Any]:
    pool = judged.pool
    return {
        "address": pool.address,
        "kind": pool.kind,
        "unit": pool.unit,
        **_start(pool.span),
        "verdict": judged.verdict,
        "modes": [_mode(world) for world in judged.worlds if world.value.state != "not-deployed"],
        "tier": judged.tier,
        "trace": [_step(step) for step in judged.trace],
    }


def _mode(world: World[Deployment]) -> dict[str, Any]:
    value, unknown = _content(world.value.mode)
    return {"value": value, "unknown": unknown, "when": list(world.when)}


def _content(value: Value) -> tuple[str | None, str | None]:
    content = value.content
    if isinstance(content, Unknown):
        return None, content.reason
    if isinstance(content, bool):
        return ("true" if content else "false"), None
    return (None if content is None else str(content)), None


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "level": finding.level,
        "message": finding.message,
        "help": finding.help,
        "address": finding.address,
        "unit": finding.unit,
        **_place(finding.span),
        "when": list(finding.when),
        "fingerprint": fingerprint(finding),
        "suppressed": _suppression(finding.suppressed) if finding.suppressed else None,
    }


def _suppression(suppression: Suppression) -> dict[str, Any]:
    span = suppression.span
    return {
        "by": suppression.by,
        "reason": suppression.reason,
        "file": span.file if span else None,
        "line": span.line if span else None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {**_place(step.span), "text": step.text}


def _place(span: Span) -> dict[str, Any]:
    return {**_start(span), "end_line": span.end_line, "end_column": span.end_column}


def _start(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column}
