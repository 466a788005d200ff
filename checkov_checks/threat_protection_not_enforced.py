"""COG001 threat-protection-not-enforced as a check of Checkov."""

from cognito_lint_loader import register

register("COG001")
