"""COG006 add-ons-ignored as a check of Checkov."""

from cognito_lint_loader import register

register("COG006", templates=False)
