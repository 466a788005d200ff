"""COG900 unreadable-input as a check of Checkov."""

from cognito_lint_loader import register

register("COG900")
