"""The line at the end of a run: what was seen, and what was not."""

from __future__ import annotations

from cognito_lint.model import Verdict
from cognito_lint.report.plain import plural
from cognito_lint.report.report import Report

VERDICT_WORDS: dict[Verdict, str] = {
    "enforced": "enforced",
    "not-enforced": "not enforced",
    "conditional": "enforced by default only",
    "unproven": "unproven",
    "not-deployed": "not deployed",
}


def summary(report: Report) -> str:
    """One to three lines for a person."""
    verdicts = report.verdicts()
    if not report.pools and report.left_out and not report.errors:
        line = "no change concerns a user pool"
    elif not report.pools and not report.errors:
        line = "no Cognito user pool was found: nothing to check"
    else:
        parts = ", ".join(
            f"{verdicts[verdict]:,} {word}" for verdict, word in VERDICT_WORDS.items() if verdicts[verdict]
        )
        pools = plural(len(report.pools), "user pool")
        line = f"{pools} in {plural(report.files, 'file')}" + (f": {parts}" if parts else "")
    if report.errors:
        unreadable = len({problem.span.file for problem in report.errors})
        line += f"; {plural(unreadable, 'file')} could not be read or evaluated"
    if report.suppressed:
        line += f"; {plural(report.suppressed, 'finding')} suppressed"
    if report.left_out:
        line += f"; {plural(report.left_out, 'user pool')} left out, which no change concerns"
    if report.absent_modules:
        line += f"\n{plural(report.absent_modules, 'module')} not on disk, not checked (terraform init brings them)"
    if report.absent_templates:
        absent = plural(report.absent_templates, "nested template")
        line += f"\n{absent} not on disk, not checked (check what is deployed in the end)"
    return line
