"""COG003 plus-tier-missing as a check of Checkov."""

from cognito_lint_loader import register

register("COG003")
