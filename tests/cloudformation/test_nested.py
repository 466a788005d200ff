"""Nested stacks: what the caller gives, what it may not know that it gives, and what one stack puts out for another."""

import errno

import cloudformation_projects
import pytest
from cloudformation_projects import evaluate, judge

from cognito_lint import files
from command_runs import write

CHILD = """
Parameters: {Mode: {Type: String, Default: ENFORCED}}
Resources:
  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}}}
"""
OUTPUT = "Resources: {B: {Type: AWS::S3::Bucket}}\nOutputs: {Mode: {Value: ENFORCED}}\n"
INCLUDE = "'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://a/b}}"


def verdicts(directory, **files):
    write(directory, {f"{name}.yaml": text for name, text in files.items()})
    return cloudformation_projects.verdicts(evaluate(directory))


def stack(name, properties):
    return f"  {name}: {{Type: AWS::CloudFormation::Stack, Properties: {{{properties}}}}}\n"


@pytest.mark.parametrize(
    "properties",
    [
        f"TemplateURL: child.yaml, Parameters: {{Other: x, {INCLUDE}}}",
        f"TemplateURL: child.yaml, {INCLUDE}",
        f"TemplateURL: child.yaml, Parameters: {{{INCLUDE}}}",
    ],
)
def test_text_from_elsewhere_may_give_any_parameter(tmp_path, properties):
    """An include beside the parameters or the properties may set what the child's default would decide."""
    assert {"C/P": "unproven"} == verdicts(tmp_path, parent="Resources:\n" + stack("C", properties), child=CHILD)


def test_a_macro_of_the_caller_may_change_what_it_gives(tmp_path):
    """The user's own macro rewrites the caller before it calls."""
    parent = "Transform: Mine\nResources:\n" + stack("C", "TemplateURL: child.yaml, Parameters: {Mode: ENFORCED}")
    assert {"C/P": "unproven"} == verdicts(tmp_path, parent=parent, child=CHILD)


@pytest.mark.parametrize("order", [("C", "Z"), ("Z", "C")])
def test_outputs_are_read_whatever_the_order(tmp_path, order):
    """A stack may stand before the one whose output it is given."""
    called = {
        "C": stack("C", "TemplateURL: child.yaml, Parameters: {Mode: !GetAtt Z.Outputs.Mode}"),
        "Z": stack("Z", "TemplateURL: output.yaml"),
    }
    parent = "Resources:\n" + "".join(called[name] for name in order)
    assert {"C/P": "enforced"} == verdicts(tmp_path, parent=parent, child=CHILD, output=OUTPUT)


def test_outputs_of_a_stack_inside_a_stack_are_read(tmp_path):
    """An output that hands on an output, of a stack that comes later."""
    middle = (
        "Resources:\n" + stack("Z", "TemplateURL: output.yaml") + "Outputs: {Mode: {Value: !GetAtt Z.Outputs.Mode}}\n"
    )
    parent = "Resources:\n" + stack("C", "TemplateURL: child.yaml, Parameters: {Mode: !GetAtt M.Outputs.Mode}")
    parent += stack("M", "TemplateURL: middle.yaml")
    assert {"C/P": "enforced"} == verdicts(tmp_path, parent=parent, child=CHILD, middle=middle, output=OUTPUT)


def test_stacks_that_read_each_other_end_in_an_answer(tmp_path):
    """CloudFormation refuses the circle; the evaluation meets a bound."""
    parent = "Resources:\n"
    for name, other in (("A", "B"), ("B", "A")):
        parent += stack(name, f"TemplateURL: child.yaml, Parameters: {{Mode: !GetAtt {other}.Outputs.Mode}}")
    child = CHILD + "Outputs: {Mode: {Value: !Ref Mode}}\n"
    assert {"A/P": "unproven", "B/P": "unproven"} == verdicts(tmp_path, parent=parent, child=child)


@pytest.mark.parametrize("given", ["'{{resolve:ssm:/env}}'", "!Sub '{{resolve:ssm:/${E}}}'", "'{{ env }}'"])
def test_a_text_that_something_else_replaces_is_not_the_text(tmp_path, given):
    """A dynamic reference is resolved before the nested stack gets it; another tool does so before that."""
    child = (
        "Parameters: {Env: {Type: String}}\nConditions: {Dev: !Equals [!Ref Env, dev]}\n"
        "Mappings: {M: {dev: {Mode: ENFORCED}, prod: {Mode: ENFORCED}}}\nResources:\n"
        "  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: "
        "{AdvancedSecurityMode: !If [Dev, AUDIT, ENFORCED]}}}\n"
        "  Q: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: "
        "{AdvancedSecurityMode: !FindInMap [M, !Ref Env, Mode]}}}\n"
    )
    parent = "Parameters: {E: {Type: String, Default: env}}\nResources:\n"
    parent += stack("C", f"TemplateURL: child.yaml, Parameters: {{Env: {given}}}")
    assert {"C/P": "unproven", "C/Q": "enforced"} == verdicts(tmp_path, parent=parent, child=child)


@pytest.mark.parametrize("mode", ["!Ref Env", "!If [Dev, AUDIT, ENFORCED]"])
@pytest.mark.parametrize("more", ["", ", AllowedValues: [ENFORCED]"])
def test_what_a_parameter_of_the_store_is_given_is_a_name(tmp_path, mode, more):
    """Not the value, which is kept in the parameter store."""
    child = (
        f"Parameters: {{Env: {{Type: 'AWS::SSM::Parameter::Value<String>'{more}}}}}\n"
        "Conditions: {Dev: !Equals [!Ref Env, dev]}\nResources:\n"
        f"  P: {{Type: AWS::Cognito::UserPool, Properties: {{UserPoolAddOns: {{AdvancedSecurityMode: {mode}}}}}}}\n"
    )
    parent = "Resources:\n" + stack("C", "TemplateURL: child.yaml, Parameters: {Env: ENFORCED}")
    assert {"C/P": "unproven"} == verdicts(tmp_path, parent=parent, child=child)


def test_outputs_that_a_loop_makes_are_read(tmp_path):
    """Each with its own value."""
    output = (
        "Transform: AWS::LanguageExtensions\nResources: {B: {Type: AWS::S3::Bucket}}\n"
        "Outputs: {'Fn::ForEach::O': [E, [AUDIT, ENFORCED], {'Mode${E}': {Value: !Ref E}}]}\n"
    )
    calls = stack("O", "TemplateURL: output.yaml")
    for mode in ("AUDIT", "ENFORCED"):
        calls += stack(mode, f"TemplateURL: child.yaml, Parameters: {{Mode: !GetAtt O.Outputs.Mode{mode}}}")
    found = verdicts(tmp_path, parent="Resources:\n" + calls, child=CHILD, output=output)
    assert {"AUDIT/P": "not-enforced", "ENFORCED/P": "enforced"} == found


LOOP = """Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::S:
  - E
  - [A, B]
  - C${E}: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: output.yaml}}
    P${E}: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml, Parameters: {Mode: %s}}}
"""


@pytest.mark.parametrize("read", ["!GetAtt 'C${E}.Outputs.Mode'", "{'Fn::GetAtt': ['C${E}', Outputs.Mode]}"])
def test_outputs_are_read_in_a_loop(tmp_path, read):
    """The name of the stack is made anew in each round, in both forms."""
    child = CHILD.replace("Default: ENFORCED", "Default: AUDIT")
    found = verdicts(tmp_path, parent=LOOP % read, child=child, output=OUTPUT)
    assert {"PA/P": "enforced", "PB/P": "enforced"} == found


def test_a_stack_that_a_loop_calls_is_not_judged_on_its_own(tmp_path):
    """The child's own default is nobody's where every caller gives another value."""
    parent = """
Transform: AWS::LanguageExtensions
Mappings: {Modes: {a: {Mode: ENFORCED}, b: {Mode: AUDIT}}}
Resources:
  Fn::ForEach::Stacks:
  - Name
  - [a, b]
  - C${Name}:
      Type: AWS::CloudFormation::Stack
      Properties: {TemplateURL: child.yaml, Parameters: {Mode: !FindInMap [Modes, !Ref Name, Mode]}}
"""
    assert {"Ca/P": "enforced", "Cb/P": "not-enforced"} == verdicts(tmp_path, parent=parent, child=CHILD)


def test_a_nested_template_that_may_not_be_read_is_a_problem(tmp_path, monkeypatch):
    """It is there: other than one that is not on disk, somebody can make it readable."""
    bytes_of = files._bytes_of

    def refuse(path):
        if path.endswith("child.yaml"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return bytes_of(path)

    monkeypatch.setattr(files, "_bytes_of", refuse)
    parent = "Resources:\n" + stack("C", "TemplateURL: child.yaml")
    write(tmp_path, {"parent.yaml": parent, "child.yaml": CHILD})
    report = judge(tmp_path, "parent.yaml")
    assert [("child.yaml", "the file cannot be read: permission denied")] == [
        (problem.span.file, problem.message) for problem in report.errors
    ]


def test_a_nested_template_that_is_not_there_is_a_module_that_is_missing(tmp_path):
    """Nobody can say what is in it."""
    write(tmp_path, {"parent.yaml": "Resources:\n" + stack("Users", "TemplateURL: user-pool.yaml")})
    report = judge(tmp_path)
    assert ["COG901"] == [finding.rule for finding in report.findings]


DEV_OR_PROD = """Parameters: {{Env: {{Type: String, Default: {default}}}}}
Conditions: {{IsProd: !Equals [!Ref Env, prod]}}
Resources:
"""
BY_CONDITION = """
Parameters: {Level: {Type: String, Default: none}}
Conditions: {IsHigh: !Equals [!Ref Level, high]}
Resources:
  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: !If [IsHigh, ENFORCED, AUDIT]}}}
Outputs: {Level: {Value: high, Condition: IsHigh}}
"""


@pytest.mark.parametrize(("default", "expected"), [("prod", "conditional"), ("dev", "not-enforced")])
@pytest.mark.parametrize("other", ["low", "!Ref AWS::NoValue"])
def test_what_a_condition_of_the_caller_chooses_is_compared_in_the_stack(tmp_path, default, expected, other):
    """The stack's condition holds exactly where the caller's does."""
    given = f"TemplateURL: child.yaml, Parameters: {{Level: !If [IsProd, high, {other}]}}"
    parent = DEV_OR_PROD.format(default=default) + stack("C", given)
    assert {"C/P": expected} == verdicts(tmp_path, parent=parent, child=BY_CONDITION)


@pytest.mark.parametrize(("default", "expected"), [("prod", "enforced"), ("dev", "enforced")])
def test_both_sides_of_one_question_go_together_through_a_stack(tmp_path, default, expected):
    """Where the caller's condition is false, so is the stack's, which then is not asked."""
    mode = "!If [IsHigh, ENFORCED, !If [Same, AUDIT, ENFORCED]]"
    child = BY_CONDITION.replace("!If [IsHigh, ENFORCED, AUDIT]", mode)
    child = child.replace("{IsHigh:", "{Same: !Equals [!Ref Env, prod], IsHigh:")
    child = child.replace("{Level: {Type", "{Env: {Type: String}, Level: {Type")
    given = "TemplateURL: child.yaml, Parameters: {Env: !Ref Env, Level: !If [IsProd, high, low]}"
    parent = DEV_OR_PROD.format(default=default) + stack("C", given)
    assert {"C/P": expected} == verdicts(tmp_path, parent=parent, child=child)


def test_a_deployment_in_which_a_parameter_without_default_is_given_nothing_is_none(tmp_path):
    """CloudFormation stops where such a parameter is given AWS::NoValue."""
    child = CHILD.replace(", Default: ENFORCED", "")
    given = "TemplateURL: child.yaml, Parameters: {Mode: !If [IsProd, ENFORCED, !Ref AWS::NoValue]}"
    parent = DEV_OR_PROD.format(default="prod") + stack("C", given)
    assert {"C/P": "enforced"} == verdicts(tmp_path, parent=parent, child=child)


def test_a_loop_may_give_a_stack_its_parameters(tmp_path):
    """Fn::ForEach among what a nested stack is given."""
    given = "TemplateURL: child.yaml, Parameters: {'Fn::ForEach::N': [N, [Mode, Other], {'${N}': AUDIT}]}"
    parent = "Transform: AWS::LanguageExtensions\nResources:\n" + stack("C", given)
    assert {"C/P": "not-enforced"} == verdicts(tmp_path, parent=parent, child=CHILD)


def test_what_cannot_be_evaluated_counts_only_where_the_stack_is_deployed(tmp_path):
    """A condition of the stack that stops CloudFormation rules out no deployment without the stack."""
    child = """
Parameters: {Env: {Type: String}}
Mappings: {Modes: {test: {Mode: AUDIT}}}
Conditions: {IsHigh: !Equals [!FindInMap [Modes, !Ref Env, Mode], ENFORCED]}
Resources:
  P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: !If [IsHigh, ENFORCED, AUDIT]}}}
"""
    called = stack("C", "TemplateURL: child.yaml, Parameters: {Env: !Ref Env}")
    called = called.replace("Type: AWS::CloudFormation::Stack", "Condition: IsTest, Type: AWS::CloudFormation::Stack")
    parent = DEV_OR_PROD.format(default="prod").replace("{IsProd:", "{IsTest: !Equals [!Ref Env, test], IsProd:")
    expected = {"C/P": "not-deployed", "Q": "conditional"}
    own = CHILD.split("Resources:\n")[1].replace("P:", "Q:", 1).replace("!Ref Mode", "!If [IsProd, ENFORCED, AUDIT]")
    assert expected == verdicts(tmp_path, parent=parent + called + own, child=child)


@pytest.mark.parametrize(
    "output",
    [
        "Transform: Mine\nResources: {B: {Type: AWS::S3::Bucket}}\nOutputs: {Mode: {Value: ENFORCED}}\n",
        OUTPUT.replace("{Mode: {", "{Mode: {'Fn::Transform': {Name: Mine}, "),
    ],
)
def test_a_macro_may_change_what_a_stack_puts_out(tmp_path, output):
    """The macro of a whole template, or of one output."""
    parent = "Resources:\n" + stack("C", "TemplateURL: child.yaml, Parameters: {Mode: !GetAtt Z.Outputs.Mode}")
    parent += stack("Z", "TemplateURL: output.yaml")
    assert {"C/P": "unproven"} == verdicts(tmp_path, parent=parent, child=CHILD, output=output)


def test_pools_of_a_stack_whose_condition_is_refused_are_unproven(tmp_path):
    """CloudFormation knows no such condition, and deploys nothing."""
    called = stack("C", "TemplateURL: child.yaml").replace("{Type", "{Condition: Missing, Type")
    assert {"C/P": "unproven"} == verdicts(tmp_path, parent="Resources:\n" + called, child=CHILD)
