"""COG001 threat_protection_not_enforced as a check of Checkov."""

from cognito_lint_loader import register

register("COG001")
