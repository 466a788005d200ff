"""Makes the package importable for the checks beside this file, and fails where it is not there.

Checkov takes a check that cannot be imported for no check at all, and its runners are child processes whose exit code
it does not look at. So a child registers, in place of each check, one that fails for every pool.
"""

import importlib.util
import multiprocessing
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_BUNDLE = (
    _HERE / "cognito_lint.zip"
)  # tools/checkov_bundle.py: the folder and the package in one, for a branch of its own
_CHECKOUT = _HERE.parent / "src"
_INSTALLED = _HERE.parent.parent.parent  # of cognito_lint/adapters/checkov_checks, in whatever environment it lies

if _BUNDLE.is_file():
    sys.path.insert(0, str(_BUNDLE))
elif (_CHECKOUT / "cognito_lint").is_dir():
    sys.path.insert(0, str(_CHECKOUT))
elif (_INSTALLED / "cognito_lint" / "adapters").is_dir() and importlib.util.find_spec("cognito_lint") is None:
    sys.path.append(str(_INSTALLED))


def register(rule_id, templates=True):
    """Register the rule with this id for every framework in which Checkov can see a pool, or for Terraform's alone."""
    try:
        from cognito_lint.adapters.checkov import register as register_rule

        register_rule(rule_id, templates=templates)
    except Exception as error:
        reason = (
            f"cognito-lint: {rule_id} from {_HERE} could not be loaded: {type(error).__name__}: {error}. Use the "
            f"folder inside a checkout, or run `{sys.executable} -m pip install cognito-lint`"
        )
        print(reason, file=sys.stderr, flush=True)
        if multiprocessing.parent_process() is None:
            raise SystemExit(2) from error
        _register_failure(rule_id, reason)


def _register_failure(rule_id, reason):
    from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormationCheck
    from checkov.common.models.enums import CheckCategories, CheckResult
    from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck

    def fail(check, *_):
        check.details = [reason]
        return CheckResult.FAILED

    for base, kind in ((TerraformCheck, "aws_cognito_user_pool"), (CloudFormationCheck, "AWS::Cognito::UserPool")):
        failing = type(base.__name__, (base,), {"scan_entity_conf": fail, "scan_resource_conf": fail})
        failing(name=reason, id=rule_id, categories=[CheckCategories.IAM], supported_resources=[kind])
