"""`--format junit`: one test case for each pool and rule, as CI servers show them.

Errors and warnings are failures, notes stand in the case's output, and inputs that could not be read are errors. A
case whose findings are all suppressed is skipped, with the reason. A rule that has nothing to say of a pool whose mode
is open, or of one that is not deployed, is skipped, not passed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cognito_lint.model import Finding
from cognito_lint.report.plain import visible
from cognito_lint.report.report import JudgedPool, Report
from cognito_lint.rules import RULES, threat_protection_not_enforced, unreadable_input

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMES = {rule.id: f"{rule.id} {rule.name}" for rule in RULES}
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def render(report: Report) -> str:
    """The report as an XML document."""
    from xml.etree.ElementTree import Element, indent, tostring

    root = Element("testsuites", name="cognito-lint")
    for unit, cases in _cases(report).items():
        suite = Element("testsuite", name=visible(unit))
        suite.extend(cases)
        _count(suite, cases)
        root.append(suite)
    _count(root, [case for suite in root for case in suite])
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _cases(report: Report) -> dict[str, list[Element]]:
    """The cases of each unit: those of its pools, then what was found that is no pool's."""
    findings: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[finding.unit, finding.address].append(finding)
    asked = [rule.id for rule in RULES if rule.check and rule.id in report.rules]
    cases: dict[str, list[Element]] = defaultdict(list)
    for judged in report.pools:
        about = findings.pop((judged.pool.unit, judged.pool.address), [])
        cases[judged.pool.unit] += _pool(judged, asked, about)
    for (unit, _), rest in findings.items():
        cases[unit] += [_case(finding.address or finding.span.file, finding.rule, [finding]) for finding in rest]
    return dict(sorted(cases.items()))


def _pool(judged: JudgedPool, asked: Sequence[str], findings: Sequence[Finding]) -> Iterable[Element]:
    for rule in sorted({*asked, *(finding.rule for finding in findings)}):
        about = [finding for finding in findings if finding.rule == rule]
        case = _case(judged.pool.address, rule, about)
        reason = None if about else _not_decided(judged, rule)
        if reason:
            _child(case, "skipped", {"message": reason})
        yield case


def _not_decided(judged: JudgedPool, rule: str) -> str | None:
    """Why silence about a pool is no pass."""
    if judged.verdict == "not-deployed":
        return "the pool is not deployed"
    if judged.verdict == "unproven" and rule == threat_protection_not_enforced.RULE.id:
        return "the files do not decide the mode"
    return None


def _case(subject: str, rule: str, findings: Sequence[Finding]) -> Element:
    from xml.etree.ElementTree import Element

    case = Element("testcase", classname=visible(subject), name=_NAMES.get(rule, rule))
    active = [finding for finding in findings if not finding.suppressed]
    told = [finding for finding in active if finding.level != "note"]
    if told:
        tag = "error" if rule == unreadable_input.RULE.id else "failure"
        attributes = {"type": told[0].level, "message": visible(told[0].message)}
        _child(case, tag, attributes).text = "\n\n".join(_body(finding) for finding in told)
    notes = [finding for finding in active if finding.level == "note"]
    if notes:
        _child(case, "system-out", {}).text = "\n\n".join(_body(finding) for finding in notes)
    reasons = [finding.suppressed.reason for finding in findings if finding.suppressed]
    if reasons and not active:
        _child(case, "skipped", {"message": visible(f"suppressed: {'; '.join(dict.fromkeys(reasons))}")})
    return case


def _child(case: Element, tag: str, attributes: dict[str, str]) -> Element:
    from xml.etree.ElementTree import SubElement

    return SubElement(case, tag, attributes)


def _body(finding: Finding) -> str:
    span = finding.span
    lines = [f"{span.file}:{span.line}:{span.column}: {finding.level}[{finding.rule}] {finding.message}"]
    lines += [f"when {world}" for world in finding.when]
    lines += [f"{step.span.file}:{step.span.line}:{step.span.column}: {step.text}" for step in finding.trace]
    if finding.help:
        lines.append(f"help: {finding.help}")
    return "\n".join(visible(line) for line in lines)


def _count(element: Element, cases: Sequence[Element]) -> None:
    element.set("tests", str(len(cases)))
    for attribute, tag in _COUNTED.items():
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
