"""From the command's evaluation to one answer about one pool: passed, failed, suppressed, or nothing to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cognito_lint.adapters.places import Known, Place, known_of
from cognito_lint.model import Finding, Problem, Span, Verdict
from cognito_lint.rules import unreadable_input
from cognito_lint.rules.rule import Rule

Result: TypeAlias = Literal["passed", "failed", "suppressed", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and the sentences that explain it: of what is suppressed, the reasons that were given."""

    result: Result
    details: tuple[str, ...] = ()


UNKNOWN = Answer("unknown")


def answer(rule: Rule, at: Place) -> Answer | None:
    """What the evaluation of the files says of the pool; None where there are no files or they hold no such pool."""
    known = known_of(at)
    if known is None:
        return None
    if known.phantom:
        return UNKNOWN
    return _answer(rule, known)


def _answer(rule: Rule, known: Known) -> Answer:
    evaluation, meant, problems = known.evaluation, known.meant, known.problems
    if rule.id == unreadable_input.RULE.id:
        return Answer("failed", tuple(_problem(problem) for problem in problems)) if problems else Answer("passed")
    if not meant:
        # the other rules have nothing to judge: the rule about unreadable input fails in their place
        return UNKNOWN
    found = [finding for judged in meant for finding in evaluation.of(judged) if finding.rule == rule.id]
    return summed_up(found, {judged.verdict for judged in meant})


def summed_up(found: Iterable[Finding], verdicts: Iterable[Verdict]) -> Answer:
    """One answer from what a rule found about the pools that are meant, and their verdicts."""
    found = list(found)
    failing = [finding for finding in found if finding.level != "note"]
    counted = [finding for finding in failing if not finding.suppressed]
    if counted:
        return Answer("failed", tuple(line for finding in _unique(counted) for line in _describe(finding)))
    if failing:
        reasons = (finding.suppressed.reason for finding in failing if finding.suppressed)
        return Answer("suppressed", tuple(dict.fromkeys(reasons)))
    return Answer("passed") if set(verdicts) - {"not-deployed"} == {"enforced"} and not found else UNKNOWN


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    return list({(finding.message, finding.span, finding.when): finding for finding in findings}.values())


def _describe(finding: Finding) -> list[str]:
    where = f" (where {'; or '.join(finding.when)})" if finding.when else ""
    lines = [f"{_at(finding.span)}: {finding.message}{where}"]
    lines += [f"{_at(step.span)}: {step.text}" for step in finding.trace]
    return [*lines, f"help: {finding.help}"] if finding.help else lines


def _problem(problem: Problem) -> str:
    return f"{_at(problem.span)}: {problem.message}" + (f"; {problem.help}" if problem.help else "")


def _at(span: Span) -> str:
    return f"{span.file}:{span.line}:{span.column}"
