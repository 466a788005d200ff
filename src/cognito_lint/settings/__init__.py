"""Settings: what `[tool.cognito-lint]` of a pyproject.toml, or a `.cognito-lint.toml`, says of every run."""
