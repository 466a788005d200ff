"""What a cfn-lint rule answers: the command's findings about the host's template, as cfn-lint's own matches.

Imported only inside cfn-lint. A rule is a class of a few lines below `cfn_rules/`; everything else is here and in the
two modules beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from cognito_lint.adapters.cfn_lint_matches import match_of
from cognito_lint.adapters.cfn_lint_views import is_expanded, views_of
from cognito_lint.model import Level
from cognito_lint.rules import RULES

_LEVELS: Mapping[str, Level] = {"E": "error", "W": "warning", "I": "note"}
_UNREADABLE = "ECOG900"
_ABOUT = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html"
_EXPANDED = (
    "cfn-lint expands Fn::ForEach before its rules see a template from standard input, with made-up values where it "
    "knows none: give the template as a file"
)

# The ids of the rules that are configured as strict. One evaluation answers them all, and what is strictly no error is
# another rule's warning: so strict for one is strict for all.
_strict: set[str] = set()


class CognitoLintRule(CloudFormationLintRule):  # type: ignore[misc]
    """A rule of cognito-lint in cfn-lint. `id` is cfn-lint's severity letter and cognito-lint's own id."""

    source_url = _ABOUT
    tags = ["cognito", "security"]  # noqa: RUF012 - cfn-lint's own declaration is a list

    def __init__(self) -> None:
        super().__init__()
        rule = next((rule for rule in RULES if rule.id == self.id[1:]), None)
        self.shortdesc = rule.name if rule else ""
        self.description = rule.summary if rule else ""
        self.config_definition = {"strict": {"default": False, "type": "boolean"}}
        self.configure()

    def configure(self, configs: Any = None, experimental: Any = False) -> None:
        """cfn-lint's entry: it configures every rule before it asks the first."""
        super().configure(configs, experimental)
        if self.config.get("strict"):
            _strict.add(self.id)
        else:
            _strict.discard(self.id)

    def match(self, cfn: Any) -> list[Any]:
        """The matches of this rule in one template, under each set of parameters that cfn-lint was given.

        Raises RuntimeError where our own code fails: cfn-lint reports it as E0002, by its message alone.
        """
        if is_expanded(cfn):
            return [RuleMatch(["Resources"], _EXPANDED)] if self.id == _UNREADABLE else []
        try:
            views = views_of(cfn, bool(_strict))
        except Exception as error:
            raise RuntimeError(f"cognito-lint itself failed: {type(error).__name__}: {error}") from error
        return [
            match_of(
                finding,
                view,
                cfn.template,
                everywhere=len(views) > 1 and all(finding in other.findings for other in views),
            )
            for view in views
            for finding in view.findings
            if finding.rule == self.id[1:] and finding.level == _LEVELS[self.id[0]] and not finding.suppressed
        ]
