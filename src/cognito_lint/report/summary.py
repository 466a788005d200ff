"""The line at the end of a run: what was seen, and what was not."""

from __future__ import annotations

from cognito_lint.report.report import Report

_WORDS = {
    "enforced": "enforced",
    "not-enforced": "not enforced",
    "conditional": "enforced by default only",
    "unproven": "unproven",
    "not-deployed": "not deployed",
}


def summary(report: Report) -> str:
    """One or two lines for a person."""
    verdicts = report.verdicts()
    if not report.pools and not report.errors:
        line = "no Cognito user pool was found: nothing to check"
    else:
        parts = ", ".join(f"{verdicts[verdict]} {word}" for verdict, word in _WORDS.items() if verdicts[verdict])  # type: ignore[index]
        pools = _plural(len(report.pools), "user pool")
        line = f"{pools} in {_plural(report.files, 'file')}" + (f": {parts}" if parts else "")
    if report.errors:
        line += f"; {_plural(len(report.errors), 'input')} could not be read"
    if report.elsewhere:
        line += f"\n{_plural(report.elsewhere, 'module')} not on disk, not checked (terraform init brings them)"
    return line


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
