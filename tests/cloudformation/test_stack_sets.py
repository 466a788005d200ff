"""Stack sets: their template in a file or in a property, and what differs from one instance to another."""

import json

import pytest
from cloudformation_projects import judge, verdicts

from command_runs import write

BODY = """Parameters: {Mode: {Type: String, Default: AUDIT}}
Conditions: {Here: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}}
"""
GIVEN = [{"ParameterKey": "Mode", "ParameterValue": "ENFORCED"}]


def judged(directory, properties, files=(), parameters=()):
    resource = {"Type": "AWS::CloudFormation::StackSet", "Properties": {"StackSetName": "x", **properties}}
    template = {"Parameters": {"M": {"Type": "String", "Default": "OFF"}}, "Resources": {"Set": resource}}
    write(directory, {"t.json": json.dumps(template), **dict(files)})
    return judge(directory, parameters=dict(parameters))


def test_a_template_in_a_file_is_judged_through_the_stack_set(tmp_path):
    """With the parameters that it gives, and not on its own; `sam package` uploads such a file."""
    files = {"body.yaml": BODY % "!Ref Mode"}
    properties = {"TemplateURL": "./body.yaml", "Parameters": GIVEN}
    assert {"Set/P": "enforced"} == verdicts(judged(tmp_path, properties, files))


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Parameters": GIVEN}, "enforced"),
        ({}, "not-enforced"),
        ({"Parameters": [{"ParameterKey": "Mode", "ParameterValue": {"Ref": "M"}}]}, "not-enforced"),
        ({"Parameters": [*GIVEN, {"Fn::If": ["A", *GIVEN, {"Ref": "AWS::NoValue"}]}]}, "unproven"),
        ({"Parameters": GIVEN, "StackInstancesGroup": [{"ParameterOverrides": GIVEN}]}, "unproven"),
    ],
)
def test_a_template_in_a_property_is_judged(tmp_path, properties, expected):
    """With what all instances are given; what some override is left open."""
    report = judged(tmp_path, {"TemplateBody": BODY % "!Ref Mode", **properties})
    assert {"Set/P": expected} == verdicts(report)
    assert {"t.json"} == {judged.pool.span.file for judged in report.pools}


def test_an_instance_is_not_where_its_stack_set_is(tmp_path):
    """A region given for the template is none of its instances'."""
    body = BODY % "!If [Here, ENFORCED, AUDIT]"
    report = judged(tmp_path, {"TemplateBody": body}, parameters={"AWS::Region": "eu-west-1"})
    assert {"Set/P": "unproven"} == verdicts(report)


def test_a_template_that_is_not_decided_is_said(tmp_path):
    """A text with the account's number in it may hold pools."""
    report = judged(tmp_path, {"TemplateBody": {"Fn::Sub": BODY % "'${AWS::AccountId}'"}})
    assert ["COG901"] == [finding.rule for finding in report.findings]


def test_a_template_that_another_tool_puts_in_is_no_error(tmp_path):
    """rain's `!Rain::Embed` is gone before CloudFormation sees the template."""
    text = """Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties: {StackSetName: x, TemplateBody: !Rain::Embed body.yaml}
  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}}
"""
    write(tmp_path, {"t.yaml": text})
    report = judge(tmp_path)
    assert {"P": "enforced"} == verdicts(report)
    assert () == report.errors
    assert 1 == report.absent_templates


def test_a_template_that_cannot_be_read_is_a_problem(tmp_path):
    """It stands where the property does."""
    report = judged(tmp_path, {"TemplateBody": "Resources: [AWS::Cognito::UserPool"})
    assert ["COG900"] == [finding.rule for finding in report.findings]
    assert "TemplateBody" in report.findings[0].message


def test_groups_of_instances_past_the_bound_may_override_anything(tmp_path):
    """Not every one is looked at: never a pass."""
    groups = [{"DeploymentTargets": {"Accounts": ["1"] * 30_000}}, {"ParameterOverrides": GIVEN}]
    properties = {"TemplateBody": BODY % "!Ref Mode", "Parameters": GIVEN, "StackInstancesGroup": groups[::-1]}
    assert {"Set/P": "unproven"} == verdicts(judged(tmp_path, properties))


def test_a_body_that_many_share_is_read_once(tmp_path):
    """By a YAML alias; each stack set has its own pool of it."""
    shared = "Metadata:\n  B: &b |\n" + "".join(f"    {line}\n" for line in (BODY % "ENFORCED").splitlines())
    sets = "".join(
        f"  S{n}: {{Type: AWS::CloudFormation::StackSet, Properties: {{TemplateBody: *b}}}}\n" for n in range(3)
    )
    write(tmp_path, {"t.yaml": f"{shared}Resources:\n{sets}"})
    report = judge(tmp_path)
    assert {f"S{n}/P": "enforced" for n in range(3)} == verdicts(report)
    assert 1 == len({judged.pool.span for judged in report.pools})
