"""The pages of docs/rules: one for each rule, as `cognito-lint explain` shows it, and their index."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.rules import RULES
from cognito_lint.rules.rule import Rule

_INDEX = """\
# Rules

Each page is what `cognito-lint explain RULE` prints. A rule has the same id in the command and in Checkov; in cfn-lint
the level stands before it ([hosts.md](../hosts.md#ids)).

| id | name | level | what it says |
|---|---|---|---|
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


def _page(rule: Rule) -> str:
    title, _, rest = rule.page.partition("\n")
    return f"# {title}\n\n{rule.summary}. Level: {_levels(rule)}.\n{rest}\n"


def _row(rule: Rule) -> str:
    return f"| [{rule.id}]({file_name(rule)}) | {rule.name} | {_levels(rule)} | {rule.summary} |\n"


def _levels(rule: Rule) -> str:
    return " or ".join(rule.levels)
