"""What a Checkov check answers: the command's verdict about the pool that Checkov has before it.

Imported only inside Checkov. `register` is all that a file below `checkov_checks/` calls; Checkov's own rendering is
asked only where our evaluation cannot be had.
"""

from __future__ import annotations

import sys
from typing import Any

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormationCheck
from checkov.common.bridgecrew.severities import BcSeverities, Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck

from cognito_lint.adapters import rendered
from cognito_lint.adapters.answers import Answer, Result, answer
from cognito_lint.adapters.checkov_place import LostError, nowhere, place
from cognito_lint.rules import RULES
from cognito_lint.rules.rule import Rule

_GUIDELINE = (
    "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html"
)
_TERRAFORM_KEY = "user_pool_add_ons/[0]/advanced_security_mode"
_CLOUDFORMATION_KEY = "Properties/UserPoolAddOns/AdvancedSecurityMode"


def register(rule_id: str, *, templates: bool = True) -> None:
    """Register a rule for every framework in which Checkov can see a pool, or for Terraform's alone."""
    rule = next(rule for rule in RULES if rule.id == rule_id)
    _TerraformPool(rule)
    if templates:
        _CloudFormationPool(rule)


class _PoolCheck:
    """What the checks of both languages share. Checkov keeps one instance of each for the process."""

    rule: Rule
    key: str

    def describe(self, rule: Rule) -> dict[str, Any]:
        """The arguments that Checkov's own base classes take."""
        self.rule = rule
        return {
            "name": f"{rule.name}: {rule.summary}",
            "id": rule.id,
            "categories": [CheckCategories.IAM],
            "guideline": _GUIDELINE,
        }

    def rate(self) -> None:
        """Security Hub rates Cognito.1 as medium. Checkov knows no level below that which still fails."""
        level = BcSeverities.MEDIUM if "error" in self.rule.levels else BcSeverities.LOW
        self.severity = Severities[level]

    def run(
        self, scanned_file: str, entity_configuration: Any, entity_name: str, entity_type: str, skip_info: Any
    ) -> Any:
        """Checkov's entry. It takes an exception for no answer at all, so none may pass."""
        base: Any = super()
        self._pool = (scanned_file, entity_configuration, entity_name, entity_type)
        checked = base.run(scanned_file, entity_configuration, entity_name, entity_type, skip_info)
        details = getattr(self, "details", [])
        if details and checked.get("result") == CheckResult.FAILED:
            checked["details"] = list(details)  # its CloudFormation report drops the attribute
        elif details and checked.get("result") == CheckResult.SKIPPED and not skip_info:
            checked["suppress_comment"] = "; ".join(details)
        return checked

    def scan_entity_conf(self, conf: Any, entity_type: str) -> Any:
        """The answer about the pool that `run` was called with."""
        self.evaluated_keys = [self.key]
        try:
            found = self._answer(conf, entity_type)
        except Exception as error:  # noqa: BLE001 - whatever it is, the check must fail and name it
            found = Answer("failed", (f"cognito-lint itself failed: {type(error).__name__}: {error}",))
            print(f"cognito-lint: {self.rule.id}: {found.details[0]}", file=sys.stderr)  # noqa: T201
        self.details = list(found.details)
        return _RESULTS[found.result]

    def _answer(self, conf: Any, entity_type: str) -> Answer:
        scanned_file, _, name, _ = self._pool
        try:
            at = place(scanned_file, conf, name, entity_type)
        except LostError as error:
            _say_once(_LOST.format(what=error))
            return rendered.answer(self.rule, nowhere(conf, name, entity_type), conf)
        try:
            found = answer(self.rule, at)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("tree_sitter", "tree_sitter_hcl"):
                raise
            _say_once(_NO_READER.format(python=sys.executable))
            found = None
        return found or rendered.answer(self.rule, at, conf)

    def scan_resource_conf(self, conf: Any) -> Any:
        """Checkov's base classes ask for it; `scan_entity_conf` answers in its place."""
        return self.scan_entity_conf(conf, "")


class _TerraformPool(_PoolCheck, TerraformCheck):  # type: ignore[misc]
    key = _TERRAFORM_KEY

    def __init__(self, rule: Rule) -> None:
        super().__init__(supported_resources=["aws_cognito_user_pool"], **self.describe(rule))
        self.rate()


class _CloudFormationPool(_PoolCheck, CloudFormationCheck):  # type: ignore[misc]
    key = _CLOUDFORMATION_KEY

    def __init__(self, rule: Rule) -> None:
        super().__init__(supported_resources=["AWS::Cognito::UserPool"], **self.describe(rule))
        self.rate()


_RESULTS: dict[Result, Any] = {
    "passed": CheckResult.PASSED,
    "failed": CheckResult.FAILED,
    "suppressed": CheckResult.SKIPPED,
    "unknown": CheckResult.UNKNOWN,
}
_NO_READER = (
    "tree-sitter-hcl is not installed beside Checkov, so Terraform modules are judged by Checkov's own rendering and "
    "only what is certain there passes. For the full evaluation: {python} -m pip install tree-sitter tree-sitter-hcl "
    "google-re2"
)
_LOST = (
    "this release of Checkov does not tell {what} in the way that is known, so pools are judged by its own rendering "
    "and only what is certain there passes. Please report its version"
)
_said: set[str] = set()


def _say_once(text: str) -> None:
    if text not in _said:
        _said.add(text)
        print(f"cognito-lint: {text}", file=sys.stderr)  # noqa: T201
