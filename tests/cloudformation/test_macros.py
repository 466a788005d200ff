"""What may change a template before CloudFormation reads it: macros and includes, wherever they stand."""

import pytest
from cloudformation_projects import judge

from command_runs import write

INCLUDE = "'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://a/b}}"
POOL = "  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}}\n"
CONDITION = "Conditions:\n  A: !Equals [a, a]\n"
MAPPING = "Mappings:\n  M:\n    a: {Mode: ENFORCED%s}\n"


def judged(directory, text):
    write(directory, {"t.yaml": text})
    return judge(directory)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Resources:\n  Fn::Transform: {Name: Mine}\n" + POOL % "ENFORCED", "unproven"),
        ("Resources:\n  Fn::Transform: {Parameters: {}}\n" + POOL % "ENFORCED", "unproven"),
        (f"Resources:\n  {INCLUDE}\n" + POOL % "ENFORCED", "enforced"),
        (CONDITION + "  Fn::Transform: {Name: Mine}\nResources:\n" + POOL % "!If [A, ENFORCED, OFF]", "unproven"),
        (CONDITION + f"  {INCLUDE}\nResources:\n" + POOL % "!If [A, ENFORCED, OFF]", "enforced"),
        (CONDITION + f"  {INCLUDE}\nResources:\n" + POOL % "!If [FromThere, ENFORCED, OFF]", "unproven"),
        (MAPPING % "" + "Resources:\n" + POOL % "!FindInMap [M, a, Mode]", "enforced"),
        (MAPPING % f", {INCLUDE}" + "Resources:\n" + POOL % "!FindInMap [M, a, Mode]", "unproven"),
        (MAPPING % "" + f"    {INCLUDE}\nResources:\n" + POOL % "!FindInMap [M, !Ref AWS::Region, Mode]", "unproven"),
        ("Transform: {Name: [Mine]}\nResources:\n" + POOL % "ENFORCED", "unproven"),
    ],
)
def test_what_stands_beside_a_macro_may_change(tmp_path, text, verdict):
    """The user's own macro may change its siblings; AWS::Include adds to them, so that what is missing is unknown."""
    report = judged(tmp_path, text)
    assert ([verdict], []) == ([judged.verdict for judged in report.pools], [each.message for each in report.errors])
