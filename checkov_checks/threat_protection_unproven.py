"""COG002 threat-protection-unproven as a check of Checkov."""

from cognito_lint_loader import register

register("COG002")
