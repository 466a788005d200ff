"""The pages of docs/rules: one for each rule, as `cognito-lint explain` shows it, and their index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cognito_lint.rules import RULES
from cognito_lint.rules.rule import Rule

ROOT = Path(__file__).resolve().parents[1]

_INDEX = """\
# Rules

Each page is what `cognito-lint explain RULE` prints. cfn-lint and Checkov have the rules that they have the means for,
under the ids of the last two columns ([cfn-lint and Checkov](../hosts.md)).

| id | name | level | what it says | cfn-lint | Checkov |
|---|---|---|---|---|---|
"""


def rule_pages() -> Iterator[tuple[str, str, str]]:
    """The name below docs/, the source and the text of each page."""
    for rule in RULES:
        source = f"src/{rule.module.replace('.', '/')}.py"
        yield f"rules/{file_name(rule)}", source, _page(rule)
    yield "rules/index.md", "the rules in src/cognito_lint/rules", _INDEX + "".join(map(_row, RULES))


def file_name(rule: Rule) -> str:
    """The file of a rule's page."""
    return f"{rule.id}-{rule.name}.md"


def host_ids(rule: Rule, folder: str) -> list[str]:
    """The ids that a rule has in a host, by the host's own rule files."""
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).glob("*.py")))
    return sorted(set(re.findall(rf'"([EWI]?{rule.id})"', texts)))


def _page(rule: Rule) -> str:
    title, _, rest = rule.page.partition("\n")
    more = "\n\nAll of it is in [Suppression](../suppression.md)." if rule.suppressible else ""
    return f"# {title}\n\n{rule.summary}. Level: {_levels(rule)}.\n{rest}{more}\n"


def _row(rule: Rule) -> str:
    hosts = " | ".join(", ".join(host_ids(rule, folder)) or "-" for folder in ("cfn_rules", "checkov_checks"))
    return f"| [{rule.id}]({file_name(rule)}) | {rule.name} | {_levels(rule)} | {rule.summary} | {hosts} |\n"


def _levels(rule: Rule) -> str:
    return " or ".join(rule.levels)
