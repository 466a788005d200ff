"""What CloudFormation would refuse: reported where it stands if it hinders the verdict, else none of our business."""

import pytest
from cloudformation_projects import judge, verdicts

from command_runs import write

HEAD = """Parameters:
  M: {Type: String}
Mappings: {T: {dev: {mode: ENFORCED}}}
Conditions:
  Always: !Equals [a, a]
  A: !Condition B
  B: !Not [!Condition A]
  Odd: !Equals [a]
  Lonely: !And [!Condition Always]
  Refers: !Equals [!Ref Nobody, a]
Resources:
  P:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: %s
      UserPoolAddOns:
        AdvancedSecurityMode: %s
"""

TABLE = [
    ("!Ref Nobody", "Nobody is neither a parameter nor a resource", "!Ref Nobody"),
    ("!Sub 'x${Nobody}'", "Nobody is neither a parameter nor a resource", "!Sub 'x${Nobody}'"),
    ("!If [Nobody, a, b]", "no condition Nobody", "Nobody"),
    ("!If [A, a, b]", "rests on itself", "!Not [!Condition A]"),
    ("!If [Odd, a, b]", "Fn::Equals takes a list of two", "!Equals [a]"),
    ("!If [Lonely, a, b]", "2 to 10 conditions", "!And [!Condition Always]"),
    ("!If [Refers, a, b]", "Nobody is neither", "!Ref Nobody"),
    ("!If [Always, a]", "Fn::If takes a list of three", "!If [Always, a]"),
    ("!FindInMap [T, dev]", "Fn::FindInMap takes", "!FindInMap [T, dev]"),
    ("!FindInMap [T, qa, mode]", "no entry for qa", "!FindInMap [T, qa, mode]"),
    ("!FindInMap [U, dev, mode]", "no mapping U", "!FindInMap [U, dev, mode]"),
    ("!Select [9, [a]]", "past the end", "!Select [9, [a]]"),
    ("!Select [a, [b]]", "a number from 0", "!Select [a, [b]]"),
    ("!Join [x]", "Fn::Join takes", "!Join [x]"),
    ("!Split [x]", "Fn::Split takes", "!Split [x]"),
    ("!Sub [x, y]", "second argument of Fn::Sub", "!Sub [x, y]"),
    ("!GetAtt x", "Fn::GetAtt takes", "!GetAtt x"),
    ("!Equals [a, b]", "it belongs into Conditions", "!Equals [a, b]"),
    ("{'Fn::Nope': a}", "none of CloudFormation's functions", "{'Fn::Nope': a}"),
    ("!Nope a", "!Nope is none of CloudFormation's", "!Nope a"),
    ("[ENFORCED]", "takes a text", None),
    ("", "null values", ""),
]


def judged(directory, text):
    write(directory, {"t.yaml": text})
    return judge(directory)


@pytest.mark.parametrize(("written", "message", "at"), TABLE)
def test_what_hinders_the_verdict_is_reported_where_it_stands(tmp_path, written, message, at):
    """COG900 with the exact position; the pool is listed and proves nothing."""
    text = HEAD % ("x", written)
    report = judged(tmp_path, text)
    assert ["unproven"] == [judged.verdict for judged in report.pools]
    (found,) = [finding for finding in report.findings if finding.rule == "COG900"]
    assert message in found.message
    line = text.split("\n")[found.span.line - 1]
    shown = line[found.span.column - 1 : found.span.end_column - 1]
    assert ("UserPoolAddOns" if at is None else at) == shown


@pytest.mark.parametrize("written", [row[0] for row in TABLE])
@pytest.mark.parametrize(("mode", "verdict"), [("ENFORCED", "enforced"), ("AUDIT", "not-enforced")])
def test_what_does_not_hinder_leaves_the_verdict_alone(tmp_path, written, mode, verdict):
    """The same in another property of the pool."""
    report = judged(tmp_path, HEAD % (written, mode))
    assert [verdict] == [judged.verdict for judged in report.pools]
    assert [] == [finding for finding in report.findings if finding.rule == "COG900"]


@pytest.mark.parametrize("written", ["!If [Always, ENFORCED, !Ref Nobody]", "!If [Always, ENFORCED, !Select [9, [a]]]"])
def test_a_branch_that_no_world_takes_hinders_nothing(tmp_path, written):
    """CloudFormation would refuse the first of them; what is deployed at all is enforced."""
    assert ["enforced"] == [judged.verdict for judged in judged(tmp_path, HEAD % ("x", written)).pools]


@pytest.mark.parametrize("mode", ["!If [Yes, ENFORCED, AUDIT]", "!If [Other, ENFORCED, ENFORCED]"])
def test_an_unquoted_boolean_names_no_condition(tmp_path, mode):
    """YAML 1.1 reads Yes as true, which is no name; cfn-lint breaks on it. The message says to quote it."""
    text = "Conditions: {Yes: !Equals [a, a], Other: !Not [{Condition: Yes}]}\nResources:\n"
    text += "  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n"
    report = judged(tmp_path, f"{text}      UserPoolAddOns: {{AdvancedSecurityMode: {mode}}}\n")
    assert ["unproven"] == [judged.verdict for judged in report.pools]
    assert ["Yes is a Boolean in YAML: write it in quotes where it is a name"] == [
        problem.message for problem in report.errors
    ]


def test_a_condition_that_stands_in_another_file_excuses_nothing(tmp_path):
    """Whatever it says, a pool that enforces nothing does not; one that would enforce is not sure to be deployed."""
    text = """Resources:
  Off: {Type: AWS::Cognito::UserPool, Condition: IsDev, Properties: {UserPoolAddOns: {AdvancedSecurityMode: 'OFF'}}}
  Missing: {Type: AWS::Cognito::UserPool, Condition: IsDev}
  On: {Type: AWS::Cognito::UserPool, Condition: IsDev, Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}}
"""
    write(tmp_path, {"t.yaml": text})
    stated = {"Off": "not-enforced", "Missing": "not-enforced", "On": "unproven"}
    assert stated == verdicts(judge(tmp_path))
