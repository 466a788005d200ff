"""COG900 unreadable_input as a check of Checkov."""

from cognito_lint_loader import register

register("COG900")
