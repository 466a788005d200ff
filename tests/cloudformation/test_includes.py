"""AWS::Include of files that are at hand, as `aws cloudformation package` uploads them."""

import pytest
from cloudformation_projects import judge, verdicts

from command_runs import write

INCLUDE = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: %s}}}"
ADD_ONS = "UserPoolAddOns: {AdvancedSecurityMode: %s}\n"
POOL = "{Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}}"


def judged(directory, text, included, named="."):
    write(directory, {"inc/text.yaml": included, "t.yaml": text.replace("INCLUDE", INCLUDE % "./inc/text.yaml")})
    return judge(directory, named)


@pytest.mark.parametrize("mode", ["ENFORCED", "AUDIT"])
@pytest.mark.parametrize(
    ("text", "included"),
    [
        ("Resources: {P: {Type: AWS::Cognito::UserPool, Properties: INCLUDE}}", ADD_ONS),
        ("Resources: {P: INCLUDE}", POOL),
        ("Resources: INCLUDE", f"P: {POOL}"),
        ("'Fn::Transform': {Name: AWS::Include, Parameters: {Location: inc/text.yaml}}", f"Resources: {{P: {POOL}}}"),
        (
            "Mappings: INCLUDE\nResources: {P: {Type: AWS::Cognito::UserPool, Properties: "
            "{UserPoolAddOns: {AdvancedSecurityMode: !FindInMap [M, a, Mode]}}}}",
            "M: {a: {Mode: %s}}",
        ),
    ],
)
def test_the_text_stands_where_it_is_included(tmp_path, text, included, mode):
    """At every level, also where the template itself names no pool."""
    expected = "enforced" if mode == "ENFORCED" else "not-enforced"
    assert {"P": expected} == verdicts(judged(tmp_path, text, included % mode))


def test_what_is_written_twice_is_not_decided(tmp_path):
    """No documentation says which of the two counts."""
    include = INCLUDE[1:-1] % "inc/text.yaml"
    text = "Resources: {P: " + POOL.replace("Properties: {", f"Properties: {{{include}, ") % "ENFORCED" + "}"
    assert {"P": "unproven"} == verdicts(judged(tmp_path, text, ADD_ONS % "AUDIT"))


def test_an_included_file_that_cannot_be_read_leaves_open_what_it_says(tmp_path):
    """The template is the one that is judged."""
    text = "Resources: {P: {Type: AWS::Cognito::UserPool, Properties: INCLUDE}}"
    assert {"P": "unproven"} == verdicts(judged(tmp_path, text, "UserPoolAddOns: {"))


def test_a_file_that_is_named_is_judged_where_it_is_included(tmp_path):
    """As pre-commit names it; the finding stands in it."""
    text = "Resources: {P: {Type: AWS::Cognito::UserPool, Properties: INCLUDE}}"
    report = judged(tmp_path, text, ADD_ONS % "AUDIT", "inc/text.yaml")
    assert {"P": "not-enforced"} == verdicts(report)
    assert [("COG001", "inc/text.yaml")] == [(f.rule, f.span.file) for f in report.findings]
