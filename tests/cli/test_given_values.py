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
    expected = "--var: no checked root module declares the variable mdoe (did you mean mode?)"
    assert f"cognito-lint: {expected}\n" == ran.err


def test_a_variable_of_a_root_without_pools_is_a_variable(check, write):
    """What is given may be meant for another root module of the same run; a child module takes nothing from it."""
    write("auth/main.tf", MODULE)
    write("network/main.tf", 'variable "cidr" {}\nmodule "subnets" { source = "./subnets" }')
    write("network/subnets/main.tf", 'variable "zones" {}')
    assert {"aws_cognito_user_pool.this": "enforced"} == check("--var", "cidr=1", "--var", "mode=ENFORCED").verdicts
    assert 2 == check("--var", "zones=1").code


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--parameter", "Mod=AUDIT"], "--parameter: no checked template has a parameter Mod (did you mean Mode?)"),
        (["--parameters", "p.json"], "--parameters: no checked template has a parameter Size"),
        (["--parameter", "Stage=test"], "--parameter: t.yaml wants one of dev, prod for Stage, not 'test'"),
        (["--parameter", "Count=few"], "--parameter: t.yaml wants a number for Count, not 'few'"),
        (["--parameter", "Name=x"], "--parameter: t.yaml wants at least 3 characters for Name, not 'x'"),
        (
            ["--parameter", "Inner=x"],
            "--parameter: inner.yaml has a parameter Inner, but its value comes from the template that calls it",
        ),
    ],
)
def test_a_parameter_that_no_template_takes(run, write, given, expected):
    """Who gave it, which template refuses it, and what to write instead."""
    write(
        "t.yaml",
        """\
Parameters:
  Mode: {Type: String}
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Count: {Type: Number}
  Name: {Type: String, MinLength: 3}
Resources:
  Pool: {Type: 'AWS::Cognito::UserPool'}
  Stack: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: inner.yaml, Parameters: {Inner: a}}}
""",
    )
    write("inner.yaml", "Parameters: {Inner: {Type: String}}\nResources: {Pool: {Type: 'AWS::Cognito::UserPool'}}\n")
    write("p.json", '{"Mode": "AUDIT", "Size": "1"}')
    ran = run("check", *given)
    assert 2 == ran.code
    assert f"cognito-lint: {expected}\n" == ran.err


def test_parameters_of_a_template_without_pools_are_no_mistake(run, write):
    """A job that checks each template with its own parameters meets many that have no pools."""
    write("vpc.yaml", "Parameters: {Cidr: {Type: String}}\nResources: {V: {Type: 'AWS::EC2::VPC'}}\n")
    write("vpc.json", '{"Cidr": "10.0.0.0/8"}')
    assert 0 == run("check", "vpc.yaml", "--parameters", "vpc.json").code
    write("t.yaml", PARAMETER)
    assert 0 == run("check", "--parameters", "vpc.json", "--parameter", "Mode=ENFORCED").code
    assert 2 == run("check", "--parameter", "Cdir=1").code


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


def test_each_deployment_of_a_template_is_asked_for_its_own_parameters(run, write):
    """A name that only the second entry of a path mistypes is a mistake as well."""
    write("t.yaml", PARAMETER)
    entry = '[[templates]]\npath = "t.yaml"\nname = "{}"\nparameters = {{{} = "ENFORCED"}}\n'
    write(".cognito-lint.toml", entry.format("dev", "Mode") + entry.format("prod", "Mod"))
    ran = run("check")
    assert 2 == ran.code
    expected = "no checked template has a parameter Mod (did you mean Mode?)"
    assert f"cognito-lint: the settings' parameters for t.yaml (prod): {expected}\n" == ran.err
