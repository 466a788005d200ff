"""`--format markdown`: a summary for a pull request or GitHub's step summary, with the findings folded.

GitHub refuses a step summary past 1 MiB, so what does not fit is left out, and that is said:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from cognito_lint.model import Finding, Verdict
from cognito_lint.report.excerpt import called, where
from cognito_lint.report.plain import plural, visible
from cognito_lint.report.report import JudgedPool, Report, SourceText
from cognito_lint.report.style import Style
from cognito_lint.report.summary import VERDICT_WORDS, summary
from cognito_lint.report.text_report import paragraph
from cognito_lint.report.words import mode_of

MOST_BYTES = 1024 * 1024
_RESERVED = 2_000  # for the head and the sentences about what was left out
_WORST_FIRST: tuple[Verdict, ...] = ("not-enforced", "unproven", "conditional", "not-deployed", "enforced")
_SIGNS: dict[Verdict, str] = {
    "not-enforced": "❌",
    "unproven": "❔",
    "conditional": "⚠️",
    "not-deployed": "➖",
    "enforced": "✅",
}


def render(report: Report, source: SourceText, most_bytes: int = MOST_BYTES) -> str:
    """The report as GitHub's Markdown, no longer than `most_bytes` in UTF-8."""
    text = "## cognito-lint\n\n" + "  \n".join(map(_escape, summary(report).splitlines())) + "\n"
    budget = most_bytes - _RESERVED
    if report.pools:
        text += "\n### User pools\n\n| Verdict | User pool | Mode | Declared at |\n| --- | --- | --- | --- |\n"
        pools = sorted(report.pools, key=lambda judged: _WORST_FIRST.index(judged.verdict))
        text += _fitting(map(_row, pools), budget // 2 - _size(text), "user pool")
    if report.active:
        text += "\n### Findings\n"
        sections = (_section(finding, source) for finding in report.active)
        text += _fitting(sections, budget - _size(text), "finding")
    return text


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


def _fitting(parts: Iterable[str], budget: int, word: str) -> str:
    """As many parts as fit, and a sentence about the others."""
    kept: list[str] = []
    left_out = 0
    for part in parts:
        budget -= _size(part)
        if budget < 0 or left_out:
            left_out += 1
        else:
            kept.append(part)
    if left_out:
        kept.append(f"\n*{plural(left_out, word)} more did not fit here; `--format json` lists all.*\n")
    return "".join(kept)


def _row(judged: JudgedPool) -> str:
    pool = judged.pool
    verdict = f"{_SIGNS[judged.verdict]} {VERDICT_WORDS[judged.verdict]}"
    address = called(pool.address, pool.label, pool.unit, pool.span.file)
    place = f"{pool.span.file}:{pool.span.line}"
    return f"| {verdict} | {_code(address)} | {_escape(mode_of(judged))} | {_code(place)} |\n"


def _section(finding: Finding, source: SourceText) -> str:
    body = paragraph(finding, source, Style())
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    # Markdown takes a line that begins with a tag as HTML: no backslashes here
    about = f"<code>{escape(where(finding), quote=False)}</code>"
    head = f"<b>{finding.level}</b> {finding.rule} {finding.name}: {about}"
    return f"\n<details><summary>{head}</summary>\n\n{fence}text\n{body}{fence}\n\n</details>\n"


def _code(text: str) -> str:
    return f"<code>{_escape(text)}</code>"


def _escape(text: str) -> str:
    """Text of others as text: no markup, no HTML, no table cell, no link, no mention."""
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_{}\[\]#|~$!])", r"\\\1", text)
    # GitHub links bare addresses and names people: a comment between the characters keeps both as text
    return re.sub(r"@(?=\w)|:(?=//)|(?<=www)\.", r"\g<0><!-- -->", text)
