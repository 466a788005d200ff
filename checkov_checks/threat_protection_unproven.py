"""COG002 threat_protection_unproven as a check of Checkov."""

from cognito_lint_loader import register

register("COG002")
