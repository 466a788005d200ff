"""ICOG902 duplicate-key as a rule of cfn-lint."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("_package.py")))

from cognito_lint.adapters.cfn_lint import CognitoLintRule  # noqa: E402


class DuplicateKey(CognitoLintRule):
    id = "ICOG902"
