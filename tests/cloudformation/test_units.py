"""Files become units: what is read, what is left alone, who is judged through whom."""

import cloudformation_projects
import pytest
from cloudformation_projects import verdicts

from cognito_lint.cloudformation.units import unused_parameters
from cognito_lint.discover import discover
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.rules.verdict import verdict
from command_runs import write

POOL = """Resources:
  P:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}
"""


def evaluate(directory, files, path=".", **inputs):
    write(directory, files)
    return cloudformation_projects.evaluate(directory, path, **inputs)


@pytest.mark.parametrize(
    "content",
    [
        (POOL % "ENFORCED").encode("utf-8-sig"),
        (POOL % "ENFORCED").encode("utf-16"),
        (POOL % "ENFORCED").replace("\n", "\r\n").encode(),
        ("---\na: 1\n---\n" + POOL % "ENFORCED").encode(),
        (POOL % "ENFORCED").replace("Type: AWS", 'Type: "\\x41WS').replace("Pool\n", 'Pool"\n', 1).encode(),
    ],
)
def test_a_template_is_read_however_it_is_encoded(tmp_path, content):
    """Byte order marks, UTF-16, CRLF, several documents and escapes in the type hide no pool."""
    assert {"P": "enforced"} == verdicts(evaluate(tmp_path, {"t.yaml": content}))


@pytest.mark.parametrize(
    "content",
    [
        "apiVersion: v1\nkind: ConfigMap\ndata: {t: 'AWS::Cognito::UserPool'}\n",
        "Resources:\n  - Type: AWS::Cognito::UserPool\n",
        "typeName: AWS::Cognito::UserPool\n",
        "just prose about AWS::Cognito::UserPool\n",
    ],
)
def test_a_look_alike_is_silent(tmp_path, content):
    """What merely mentions the type is no template."""
    assert () == evaluate(tmp_path, {"t.yaml": content})


def test_a_broken_file_with_a_pool_is_a_problem_and_one_without_is_not(tmp_path):
    """A file that mentions a pool and cannot be parsed is never passed over."""
    found = evaluate(tmp_path, {"bad.yaml": POOL % "[", "other.yaml": "Type: AWS::CloudFormation::Stack\na: [\n"})
    assert ["bad.yaml"] == [unit.path for unit in found]
    assert 1 == len(found[0].problems)


@pytest.mark.parametrize("deep", ["Outputs: " + "[" * 60_000 + "]" * 60_000, "Outputs:\n  " + "- " * 60_000 + "a"])
def test_a_depth_bomb_is_a_problem_that_names_the_bound(tmp_path, deep):
    """The C parser would overrun its stack."""
    (unit,) = evaluate(tmp_path, {"t.yaml": POOL % "ENFORCED" + deep})
    assert "the bound of 500 levels" in unit.problems[0].message


def test_an_expression_past_the_bound_of_nesting_is_unproven_for_that_reason(tmp_path):
    """Python's own limit is never met."""
    (unit,) = evaluate(tmp_path, {"t.yaml": POOL % ("{'Fn::Join': ['', [" * 60 + "ENFORCED" + "]]}" * 60)})
    assert "nested deeper than the bound of 45 levels" in unit.pools[0].mode.content.reason


def test_a_circle_of_anchors_ends(tmp_path):
    """A YAML node can hold itself."""
    assert {"P": "unproven"} == verdicts(evaluate(tmp_path, {"t.yaml": POOL % "&m {'Fn::Join': ['', [*m]]}"}))


def test_an_unquoted_off_is_the_boolean_that_yaml_makes_of_it(tmp_path):
    """The message about it is the judge's; it never enforces."""
    (unit,) = evaluate(tmp_path, {"t.yaml": POOL % "OFF"})
    assert False is unit.pools[0].mode.content
    assert "not-enforced" == verdict(unit.pools[0])


CHILD = """Parameters:
  Mode: {Type: String}
Resources:
  P:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}}
"""
ROOT = """Resources:
  Auth:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: sub/auth.yaml, Parameters: {Mode: ENFORCED}}
  App:
    Type: AWS::Serverless::Application
    Properties: {Location: ./sub/auth.yaml, Parameters: {Mode: AUDIT}}
"""


@pytest.mark.parametrize("path", [".", "sub/auth.yaml"])
def test_a_called_template_is_judged_through_its_callers(tmp_path, path):
    """Each call gives its own parameters; a template that is named alone loads its callers."""
    found = evaluate(tmp_path, {"root.yaml": ROOT, "sub/auth.yaml": CHILD}, path)
    assert {"Auth/P": "enforced", "App/P": "not-enforced"} == verdicts(found)
    assert frozenset({"root.yaml", "sub/auth.yaml"}) == found[0].files


def test_serverless_resources_are_resolved_where_the_files_decide(tmp_path):
    """`${self:}`, `${opt:}` with a default and `${file()}` are followed; the environment is not."""
    service = """service: x
provider: {name: aws, stage: "${opt:stage, 'prod'}"}
custom: {modes: {prod: ENFORCED, dev: AUDIT}}
resources:
  - Resources:
      A:
        Type: AWS::Cognito::UserPool
        Properties: {UserPoolAddOns: {AdvancedSecurityMode: "${self:custom.modes.${self:provider.stage}}"}}
      B:
        Type: AWS::Cognito::UserPool
        Properties: {UserPoolAddOns: {AdvancedSecurityMode: "${env:MODE}"}}
  - ${file(pool.yml)}
"""
    found = evaluate(tmp_path, {"serverless.yml": service, "pool.yml": POOL % '"${self:custom.modes.dev}"'})
    assert {"A": "enforced", "B": "unproven", "P": "not-enforced"} == verdicts(found)
    assert ["serverless.yml"] == [unit.path for unit in found]


def test_a_value_on_the_command_line_decides(tmp_path):
    """So does a region, which no template can decide."""
    text = "Conditions: {Us: !Equals [!Ref AWS::Region, us-east-1]}\n" + POOL % "!If [Us, ENFORCED, AUDIT]"
    assert {"P": "unproven"} == verdicts(evaluate(tmp_path, {"t.yaml": text}))
    given = evaluate(tmp_path, {"t.yaml": text}, parameters={"AWS::Region": "us-east-1"})
    assert {"P": "enforced"} == verdicts(given)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", "enforced"),
        ("ap-southeast-2", "enforced"),
        ("ca-central-1", "enforced"),
        ("cn-northwest-1", "not-enforced"),
        ("us-gov-east-1", "not-enforced"),
        ("us-iso-east-1", "unproven"),
        ("nowhere", "unproven"),
    ],
)
@pytest.mark.parametrize("here", ["!Equals [!Ref AWS::Partition, aws]", "!Equals [!Sub '${AWS::Partition}:', 'aws:']"])
def test_a_region_decides_its_partition(tmp_path, here, region, expected):
    """A template that leaves threat protection out where there is none needs no second value."""
    text = "Conditions: {Here: " + here + "}\n" + POOL % "!If [Here, ENFORCED, 'OFF']"
    found = evaluate(tmp_path, {"t.yaml": text}, parameters={"AWS::Region": region})
    assert {"P": expected} == verdicts(found)


def test_a_partition_that_the_user_gives_wins(tmp_path):
    """Over what the region says."""
    text = "Conditions: {Here: !Equals [!Ref AWS::Partition, aws]}\n" + POOL % "!If [Here, ENFORCED, 'OFF']"
    given = {"AWS::Region": "us-iso-east-1", "AWS::Partition": "aws"}
    assert {"P": "enforced"} == verdicts(evaluate(tmp_path, {"t.yaml": text}, parameters=given))


@pytest.mark.parametrize(
    ("declared", "expected"), [("Default: ENFORCED", "unproven"), ("Default: X, AllowedValues: [ENFORCED]", "enforced")]
)
def test_a_value_that_the_user_leaves_to_the_stack_is_not_the_default(tmp_path, declared, expected):
    """`UsePreviousValue` in a file of parameters: what the template allows still counts."""
    text = "Parameters: {Mode: {Type: String, " + declared + "}}\n" + POOL % "!Ref Mode"
    found = evaluate(tmp_path, {"t.yaml": text}, parameters={"Mode": None})
    assert {"P": expected} == verdicts(found)


def test_a_default_alone_decides_nothing_when_strict(tmp_path):
    """With --strict a parameter may take another value than its default."""
    text = "Parameters: {Mode: {Type: String, Default: ENFORCED}}\n" + POOL % "!Ref Mode"
    assert {"P": "enforced"} == verdicts(evaluate(tmp_path, {"t.yaml": text}))
    assert {"P": "conditional"} == verdicts(evaluate(tmp_path, {"t.yaml": text}, strict=True))


def test_parameters_that_no_template_takes_are_named(tmp_path):
    """An unknown name, or a value outside AllowedValues, is the user's mistake."""
    text = "Parameters: {Mode: {Type: String, AllowedValues: [AUDIT, ENFORCED]}}\n" + POOL % "!Ref Mode"
    (tmp_path / "t.yaml").write_text(text)
    repository = Repository(tmp_path, ["."])
    inventory = discover(["."], repository)
    given = Inputs(parameters={"Mode": "LOUD", "Other": "x"})
    reasons = {
        "Mode": "t.yaml wants one of AUDIT, ENFORCED for Mode, not 'LOUD'",
        "Other": "no checked template has a parameter Other",
    }
    assert {"": reasons} == unused_parameters(inventory, repository, given)
    assert {} == unused_parameters(inventory, repository, Inputs(parameters={"Mode": "AUDIT"}))


def test_positions_count_characters(tmp_path):
    """Non-ASCII text before a value does not move it."""
    text = POOL.replace("Properties: {", "Properties: {UserPoolName: 'äöü😀', ") % "AUDIT"
    (unit,) = evaluate(tmp_path, {"t.yaml": text})
    span = unit.pools[0].mode.trace[0].span
    assert "AUDIT" == text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    "text",
    [
        "Transform: {Name: AWS::Include, Parameters: {Location: s3://b/cognito.yaml}}\n" + POOL % "ENFORCED",
        POOL % "ENFORCED" + "  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/cognito.yaml}}\n",
        "Resources:\n  A: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/cognito.yaml}}}\n",
    ],
)
def test_resources_that_are_included_from_elsewhere_are_said(tmp_path, text):
    """They are not at hand, and may hold pools."""
    (unit,) = evaluate(tmp_path, {"t.yaml": text})
    assert [("s3://b/cognito.yaml", True)] == [(m.source, m.concerns_pools) for m in unit.missing_modules]


def test_a_module_of_a_registry_is_said(tmp_path):
    """What it declares is not at hand; one that speaks of something else concerns nobody."""
    text = "Resources:\n  A: {Type: My::Cognito::UserPool::MODULE}\n  B: {Type: My::S3::Bucket::MODULE}\n"
    (unit,) = evaluate(tmp_path, {"t.yaml": text})
    assert [("A", True), ("B", False)] == [(m.address, m.concerns_pools) for m in unit.missing_modules]


@pytest.mark.parametrize("beginning", ["// a comment\n", "/* a comment */\n"])
def test_a_json_file_that_is_none_is_reported(tmp_path, beginning):
    """YAML takes a comment of another language before the first brace for one long text."""
    text = beginning + '{"Resources": {"P": {"Type": "AWS::Cognito::UserPool"}}}'
    (unit,) = evaluate(tmp_path, {"t.json": text})
    assert [(1, 1)] == [(problem.span.line, problem.span.column) for problem in unit.problems]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Resources:\n  P: {Type: AWS::Cognito::UserPool, Properties: {}\n  Q: {Type: x}\n", (2, 6)),
        ("Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    X: [a,\n      b\n    Y: c\n", (4, 8)),
        ('Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    X: "a\n    Y: c\n', (4, 8)),
        ("Resources: {P: {Type: AWS::Cognito::UserPool, X: [a b] c}}\n", (1, 56)),
    ],
)
def test_what_is_left_open_is_reported_where_it_opens(tmp_path, text, place):
    """The parser stops lines later; what is wrong within one line is reported where it is."""
    (unit,) = evaluate(tmp_path, {"t.yaml": text})
    assert [place] == [(problem.span.line, problem.span.column) for problem in unit.problems]


def test_of_two_merges_the_later_one_wins(tmp_path):
    """As PyYAML has it, by which AWS's own tools resolve them; a list of mappings is the other way round."""
    text = """
On: &on {AdvancedSecurityMode: ENFORCED}
Off: &off {AdvancedSecurityMode: AUDIT}
Resources:
  Two: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {<<: *on, <<: *off}}}
  Listed: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {<<: [*on, *off]}}}
"""
    assert {"Two": "not-enforced", "Listed": "enforced"} == verdicts(evaluate(tmp_path, {"t.yaml": text}))
