"""`--format sarif`: SARIF 2.1.0, as GitHub code scanning and editors read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from cognito_lint import __version__
from cognito_lint.model import Finding, Level, Problem, Span, Suppression
from cognito_lint.report.plain import encodable, sentence, visible
from cognito_lint.report.report import Report, fingerprints, in_project
from cognito_lint.rules import RULES, unreadable_input
from cognito_lint.rules.rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "SRCROOT"
_INDEX = {rule.id: index for index, rule in enumerate(RULES)}
# GitHub shows 7.0 and above as high, 4.0 and above as medium, less as low
_SECURITY_SEVERITY: dict[Level, str] = {"error": "7.5", "warning": "5.0", "note": "2.0"}
_PROBLEM_SEVERITY: dict[Level, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
_MOST_RELATED = 100


def render(report: Report, project: str = "", exit_code: int = 0) -> str:
    """The report as JSON text. `project` is where the working directory lies in the repository."""
    return json.dumps(document(report, project, exit_code), indent=2, ensure_ascii=False) + "\n"


def document(report: Report, project: str = "", exit_code: int = 0) -> dict[str, Any]:
    """The report as a SARIF log of one run."""
    identities = fingerprints(report.findings)
    driver = {"name": "cognito-lint", "semanticVersion": __version__, "rules": [_rule(rule) for rule in RULES]}
    invocation = {
        "executionSuccessful": not report.errors,
        "exitCode": exit_code,
        "toolExecutionNotifications": [_notification(problem, project) for problem in report.errors],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
        "results": [
            _result(finding, identity, project) for finding, identity in zip(report.findings, identities, strict=True)
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page
    level = rule.levels[0]
    properties: dict[str, Any] = {"tags": ["cognito"], "problem.severity": _PROBLEM_SEVERITY[level]}
    if rule.check:  # the others are about the input: as security alerts they would mislead
        properties["tags"] = ["security", "cognito"]
        properties["precision"] = "high"
        properties["security-severity"] = _SECURITY_SEVERITY[level]
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary + "."},
        "fullDescription": {"text": _first_paragraph(page) or rule.summary + "."},
        "help": {"text": page, "markdown": f"# {page}"},
        "defaultConfiguration": {"level": level},
        "properties": properties,
    }


def _first_paragraph(page: str) -> str:
    """What stands under a page's first heading, on one line and without marks."""
    paragraphs = [part for part in page.split("\n\n")[1:] if part.startswith("## ")]
    text = " ".join(paragraphs[0].split("\n")[1:]) if paragraphs else ""
    return text.replace("`", "")[:1000]


def _result(finding: Finding, identity: str, project: str) -> dict[str, Any]:
    location = _location(finding.span, project)
    if finding.address is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": encodable(finding.address), "kind": "resource"}]
    steps = finding.trace[:_MOST_RELATED]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.level,
        "message": {"text": _message(finding, len(steps))},
        "locations": [location],
        "partialFingerprints": {"cognitoLintFinding/v1": identity},
    }
    if finding.rule in _INDEX:
        result["ruleIndex"] = _INDEX[finding.rule]
    if steps:
        result["relatedLocations"] = [
            {"id": index, **_location(step.span, project), "message": {"text": _plain(visible(step.text))}}
            for index, step in enumerate(steps, 1)
        ]
    if finding.suppressed:
        result["suppressions"] = [_suppression(finding.suppressed, project)]
    if finding.when:
        result["properties"] = {"when": [visible(world) for world in finding.when]}
    return result


def _suppression(suppression: Suppression, project: str) -> dict[str, Any]:
    """SARIF 3.35: in the source, or by a file beside it."""
    in_source = suppression.by in ("comment", "metadata")
    written: dict[str, Any] = {
        "kind": "inSource" if in_source else "external",
        "justification": _plain(visible(suppression.reason)),
    }
    if suppression.span:
        written["location"] = _location(suppression.span, project)
    return written


def _message(finding: Finding, steps: int) -> str:
    """The message, its worlds and its subject; then links to the way of the value, the only related locations that
    GitHub shows."""
    text = _plain(sentence(finding))
    if finding.address is not None:
        text += f"\nAddress: {_plain(visible(finding.address))}"
    for index, step in enumerate(finding.trace[:steps], 1):
        text += f"\n[{_link_text(visible(step.text) or 'read here')}]({index})"
    return text + (f"\nHelp: {_plain(visible(finding.help))}" if finding.help else "")


def _plain(text: str) -> str:
    """Text of others that makes no embedded link and no placeholder (SARIF 3.11.5, 3.11.6)."""
    return re.sub(r"\{(\d+)\}", r"{{\1}}", text.replace("](", "] ("))


def _link_text(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", _plain(text))


def _location(span: Span, project: str) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": _artifact(span.file, project), "region": region}}


def _artifact(file: str, project: str) -> dict[str, str]:
    """A relative reference whose first segment cannot be taken for a scheme (RFC 3986, 4.2: a colon is encoded)."""
    path = in_project(file, project)
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = encodable(path).encode()
    return {"uri": quote(data, safe="/"), "uriBaseId": _BASE}


def _notification(problem: Problem, project: str) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": _plain(visible(problem.message))},
        "associatedRule": {"id": unreadable_input.RULE.id, "index": _INDEX[unreadable_input.RULE.id]},
        "locations": [_location(problem.span, project)],
    }
