"""COG005 risk-response-missing as a check of Checkov."""

from cognito_lint_loader import register

register("COG005")
