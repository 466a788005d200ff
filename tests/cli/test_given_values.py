"""Values that the user gives: parameters, variables and the environment, and which of them wins."""

from __future__ import annotations

import pytest

from pool_samples import MODULE, PARAMETER

REGIONAL = """\
Conditions:
  Home: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns: {AdvancedSecurityMode: !If [Home, ENFORCED, AUDIT]}
"""


@pytest.mark.parametrize(
    ("expected", "region"), [("enforced", "eu-west-1"), ("not-enforced", "us-east-1"), ("unproven", None)]
)
def test_the_region_is_given_as_a_parameter(run, check, write, expected, region):
    """A pseudo parameter is an input like any other, on the command line and in the settings; no template needs to
    use it."""
    write("regional.yaml", REGIONAL)
    write("plain.yaml", "Resources: {Plain: {Type: 'AWS::Cognito::UserPool'}}")
    given = ["--parameter", f"AWS::Region={region}"] if region else []
    by_option = check(*given)
    table = f'[[templates]]\npath = "*"\nparameters = {{ "AWS::Region" = "{region}" }}\n' if region else ""
    write(".cognito-lint.toml", table)
    for ran in (by_option, check()):
        assert {"Plain": "not-enforced", "Pool": expected} == ran.verdicts
    alone = run("check", "plain.yaml", "--isolated", *given)
    assert 1 == alone.code, alone.err


def test_mistyped_variable_is_wrong_usage(run, write):
    """Terraform refuses a --var that the root module does not declare."""
    write("main.tf", MODULE)
    ran = run("check", "--var", "mdoe=ENFORCED")
    assert 2 == ran.code
    assert "mdoe" in ran.err


def test_parameters_file_goes_under_parameter(run, write):
    """--parameter wins over --parameters."""
    write("t.yaml", PARAMETER)
    write("p.json", '{"Mode": "AUDIT"}')
    assert 1 == run("check", "t.yaml", "--parameters", "p.json").code
    assert 0 == run("check", "t.yaml", "--parameters", "p.json", "--parameter", "Mode=ENFORCED").code


def test_last_of_var_and_var_file_wins(check, write):
    """As on Terraform's own command line."""
    write("main.tf", MODULE)
    write("audit.tfvars", 'mode = "AUDIT"')
    ran = check("--var", "mode=ENFORCED", "--var-file", "audit.tfvars")
    assert {"aws_cognito_user_pool.this": "not-enforced"} == ran.verdicts
    ran = check("--var-file", "audit.tfvars", "--var", "mode=ENFORCED")
    assert {"aws_cognito_user_pool.this": "enforced"} == ran.verdicts


def test_environment_is_lowest_and_can_be_left_out(check, write):
    """TF_VAR_* gives a value unless --isolated."""
    write("main.tf", MODULE)
    environment = {"TF_VAR_mode": "ENFORCED"}
    assert {"aws_cognito_user_pool.this": "enforced"} == check(environment=environment).verdicts
    assert {"aws_cognito_user_pool.this": "unproven"} == check("--isolated", environment=environment).verdicts
