"""What else of a pool is resolved: its plan, its triggers, its answers to risk, its name in CDK."""

from pathlib import Path

import pytest
from cloudformation_projects import evaluate, verdicts

from cognito_lint.model import Unknown
from cognito_lint.rules.verdict import verdict
from cognito_lint.worlds import leaves
from command_runs import write

FIXTURES = Path(__file__).parent.parent / "fixtures" / "cloudformation"


def test_a_pool_brings_all_that_the_rules_ask_for():
    """Plan, custom authentication, label, and the risk configuration that is joined by Ref."""
    (unit,) = evaluate(FIXTURES, "risk-attached.yaml")
    (pool,) = unit.pools
    assert ("PLUS", "AUDIT", True, "Stack/Pool/Resource") == (
        pool.tier.content,
        pool.custom_auth_mode.content,
        pool.custom_auth_triggers.content,
        pool.label,
    )
    (risk,) = pool.risk_configurations
    assert ("Risk", "ALL", "BLOCK", "SIGN_IN,SIGN_UP", "MFA_REQUIRED", "MFA_IF_CONFIGURED", None) == (
        risk.address,
        *(
            getattr(risk, name).content
            for name in ("client", "compromised_credentials", "events", "high", "medium", "low")
        ),
    )


def test_a_risk_configuration_of_another_pool_is_not_this_ones(tmp_path):
    """Nobody knows the id that a new pool gets."""
    text = (FIXTURES / "risk-attached.yaml").read_text()
    write(tmp_path, {"t.yaml": text.replace("UserPoolId: !Ref P", "UserPoolId: eu-west-1_abc")})
    (unit,) = evaluate(tmp_path, "t.yaml")
    assert () == unit.pools[0].risk_configurations


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Sub '${P}'", [True]),
        ("!GetAtt P.UserPoolId", [True]),
        ("!GetAtt P.Arn", []),
        ("!If [Theirs, !Ref Theirs, !Ref P]", [False, True]),
    ],
)
def test_a_risk_configuration_names_its_pool_in_several_ways(tmp_path, written, expected):
    """By its id, however that is written, in the worlds in which it does."""
    text = (FIXTURES / "risk-attached.yaml").read_text().replace("UserPoolId: !Ref P", f"UserPoolId: {written}")
    head = "Parameters: {Theirs: {Type: String, Default: ''}}\nConditions: {Theirs: !Not [!Equals [!Ref Theirs, '']]}\n"
    write(tmp_path, {"t.yaml": head + text})
    (unit,) = evaluate(tmp_path, "t.yaml")
    found = {there.content for risk in unit.pools[0].risk_configurations for there in leaves(risk.deployed)}
    assert expected == sorted(found)


LOOP = """Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Pools:
  - Name
  - [A, B]
  - P${Name}: {Type: AWS::Cognito::UserPool}
    R${Name}:
      Type: AWS::Cognito::UserPoolRiskConfigurationAttachment
      Properties: {UserPoolId: !Ref 'P${Name}', ClientId: ALL}
"""


def joined(unit):
    return {pool.address: [risk.address for risk in pool.risk_configurations] for pool in unit.pools}


@pytest.mark.parametrize("names", [("A", "B"), [f"N{number}" for number in range(400)]])
def test_a_loop_joins_each_pool_with_its_own_risk_configuration(tmp_path, names):
    """The names are made anew in each round; that does not take steps for each pair of rounds."""
    write(tmp_path, {"t.yaml": LOOP.replace("[A, B]", f"[{', '.join(names)}]")})
    (unit,) = evaluate(tmp_path, "t.yaml")
    assert {f"P{name}": [f"R{name}"] for name in names} == joined(unit)
    assert {None} == {pool.mode.content for pool in unit.pools}


def test_a_risk_configuration_may_stand_in_another_stack(tmp_path):
    """Which is given the pool's id."""
    stack = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s.yaml%s}}"
    given = ", Parameters: {Pool: !GetAtt A.Outputs.Pool}"
    write(
        tmp_path,
        {
            "t.yaml": f"Resources:\n  A: {stack % ('a', '')}\n  B: {stack % ('b', given)}\n",
            "a.yaml": "Resources: {P: {Type: AWS::Cognito::UserPool}}\nOutputs: {Pool: {Value: !Ref P}}\n",
            "b.yaml": "Parameters: {Pool: {Type: String}}\nResources:\n"
            "  R: {Type: AWS::Cognito::UserPoolRiskConfigurationAttachment, Properties: {UserPoolId: !Ref Pool}}\n",
        },
    )
    (unit,) = evaluate(tmp_path)
    assert {"A/P": ["B/R"]} == joined(unit)


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [("CreateAuthChallenge", True), ("[PreSignUp, VerifyAuthChallengeResponse]", True), ("PreSignUp", False)],
)
def test_a_sam_function_is_a_trigger_of_its_pool(tmp_path, trigger, expected):
    """`Events` of type Cognito name the pool by Ref."""
    text = f"""Transform: AWS::Serverless-2016-10-31
Resources:
  P: {{Type: AWS::Cognito::UserPool}}
  Q: {{Type: AWS::Cognito::UserPool}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events: {{E: {{Type: Cognito, Properties: {{UserPool: !Ref P, Trigger: {trigger}}}}}}}
"""
    write(tmp_path, {"t.yaml": text})
    (unit,) = evaluate(tmp_path, "t.yaml")
    found = {pool.address: pool.custom_auth_triggers.content for pool in unit.pools}
    assert {"P": expected, "Q": False} == found


CHILD = """Parameters: {Mode: {Type: String, Default: AUDIT}}
Conditions: {Never: !Equals [a, b]}
Resources:
  P:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}}
Outputs:
  Mode: {Value: !Ref Mode}
  Gone: {Value: ENFORCED, Condition: Never}
"""
STACK = """Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: %s, Parameters: {Mode: ENFORCED}}
    Metadata: {'aws:asset:path': child.yaml}
  Outer:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !GetAtt Child.Outputs.%s}}
"""


@pytest.mark.parametrize("url", ["child.yaml", "'https://s3.amazonaws.com/cdk/x.json'", "{'Fn::Sub': 'https://${A}'}"])
def test_a_nested_stack_is_found_by_its_file_or_its_asset(tmp_path, url):
    """CDK writes the asset's path beside an address; outputs are followed back."""
    write(tmp_path, {"root.yaml": STACK % (url, "Mode"), "child.yaml": CHILD})
    (unit,) = evaluate(tmp_path, ".")
    assert {"Child/P": "enforced", "Outer": "enforced"} == verdicts([unit])


def test_an_output_that_is_not_there_is_never_a_value(tmp_path):
    """Its condition is false: CloudFormation would refuse what reads it."""
    write(tmp_path, {"root.yaml": STACK % ("child.yaml", "Gone"), "child.yaml": CHILD})
    (unit,) = evaluate(tmp_path, ".")
    (outer,) = [pool for pool in unit.pools if pool.address == "Outer"]
    assert "unproven" == verdict(outer)
    assert [True] == [isinstance(value.content, Unknown) for value in leaves(outer.mode)]
