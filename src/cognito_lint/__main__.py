"""`python -m cognito_lint`."""

from cognito_lint.cli import run

run()
