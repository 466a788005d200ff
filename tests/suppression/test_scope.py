"""What each place covers: a resource, one call, a template, a line."""

from __future__ import annotations

import json

import pytest

from command_runs import run

MODULE = 'resource "aws_cognito_user_pool" "this" {\n  name = "x"\n}\n'
MUTE = "# cognito-lint: ignore[COG001] why\n"


def test_a_suppression_on_a_call_covers_that_instance_alone(check):
    """All instances of the call, to any depth; no other call of the same module."""
    main = (
        MUTE
        + 'module "one" {\n  source = "./outer"\n  count = 2\n}\nmodule "two" {\n  source = "./outer"\n}\n'
        + 'module "three" { # cognito-lint: ignore[COG001] why\n  source = "./inner"\n}\n'
    )
    files = {"main.tf": main, "outer/main.tf": 'module "in" {\n  source = "../inner"\n}\n', "inner/main.tf": MODULE}
    result = check(files)
    assert ["COG001 module.two.module.in.aws_cognito_user_pool.this"] == result.active
    assert {
        "COG001 module.one[0].module.in.aws_cognito_user_pool.this",
        "COG001 module.one[1].module.in.aws_cognito_user_pool.this",
        "COG001 module.three.aws_cognito_user_pool.this",
    } == set(result.suppressed)


def test_a_suppression_in_a_module_covers_every_instance(check):
    """It is the resource's own line."""
    main = 'module "one" {\n  source = "./inner"\n}\nmodule "two" {\n  source = "./inner"\n}\n'
    result = check({"main.tf": main, "inner/main.tf": MUTE + MODULE})
    assert ([], 2) == (result.active, len(result.suppressed))


def test_a_nested_stack_covers_what_is_below_it(check):
    """To any depth, by a comment or by Metadata; the template's top level covers its own pools alone."""
    pool = "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n"
    stack = "  %s:\n    Type: AWS::CloudFormation::Stack\n%s    Properties: {TemplateURL: %s}\n"
    said = "    Metadata: {cognito-lint: {ignore: {COG001: why}}}\n"
    files = {
        "main.yaml": "Resources:\n"
        + stack % ("One", said, "middle.yaml")
        + "  "
        + MUTE
        + stack % ("Two", "", "middle.yaml")
        + stack % ("Three", "", "middle.yaml"),
        "middle.yaml": "Metadata: {cognito-lint: {ignore: {COG001: why}}}\nResources:\n"
        + stack % ("Inner", "", "pool.yaml"),
        "pool.yaml": pool,
    }
    result = check(files)
    assert ["COG001 Three/Inner/Pool"] == result.active
    assert {"COG001 One/Inner/Pool": "why", "COG001 Two/Inner/Pool": "why"} == result.suppressed
    assert [("COG091", "middle.yaml")] == [complaint[:2] for complaint in result.complaints]


def test_sam_applications_are_nested_stacks(check):
    """With a local Location."""
    application = "Transform: AWS::Serverless-2016-10-31\nResources:\n  # cognito-lint: ignore[COG001] why\n  App:\n"
    application += "    Type: AWS::Serverless::Application\n    Properties: {Location: pool.yaml}\n"
    files = {"main.yaml": application, "pool.yaml": "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n"}
    assert {"COG001 App/Pool": "why"} == check(files).suppressed


def test_json_templates_have_metadata(check):
    """At the resource and, as a mapping, with a last day."""
    pool = {"Type": "AWS::Cognito::UserPool"}
    said = {**pool, "Metadata": {"cognito-lint": {"ignore": {"COG001": {"reason": "why", "until": "2026-12-31"}}}}}
    over = {**pool, "Metadata": {"cognito-lint": {"ignore": {"COG001": {"reason": "why", "until": "2026-01-31"}}}}}
    result = check({"template.json": json.dumps({"Resources": {"Said": said, "Over": over, "Plain": pool}})})
    assert (["COG001 Over", "COG001 Plain"], {"COG001 Said": "why"}) == (sorted(result.active), result.suppressed)
    assert ["COG091"] == [rule for rule, *_ in result.complaints]


def test_terraforms_json_has_comments(check):
    """The property "//", as a text, a list, or an object like the one that the CDK for Terraform writes."""
    comment = "cognito-lint: ignore[COG001] why"
    pools = {
        "text": {"name": "x", "//": comment},
        "list": {"name": "x", "//": ["more", comment]},
        "object": {"name": "x", "//": {"metadata": {}, "cognito-lint": {"ignore": {"COG001": "why"}}}},
        "inside": {"name": "x", "lambda_config": {"//": comment}},
        "name": {"name": comment},
        "wrong": {"name": "x", "//": "cognito-lint: ignore COG001"},
    }
    result = check({"cdk.tf.json": json.dumps({"resource": {"aws_cognito_user_pool": pools}}, indent=1)})
    address = "COG001 aws_cognito_user_pool."
    assert {f"{address}{name}": "why" for name in ("text", "list", "object")} == result.suppressed
    assert {f"{address}{name}" for name in ("inside", "name", "wrong")} == set(result.active)
    assert ["COG091", "COG092"] == [rule for rule, *_ in result.complaints]


def test_serverless_files_have_both(check):
    """Comments and Metadata below `resources`, also in the files that they are put together from."""
    pool = "    Type: AWS::Cognito::UserPool\n"
    files = {
        "serverless.yml": "service: a\nprovider: {name: aws}\nresources:\n  - ${file(more.yml)}\n  - Resources:\n"
        "      Direct: # cognito-lint: ignore[COG001] why\n        Type: AWS::Cognito::UserPool\n",
        "more.yml": f"Resources:\n  # cognito-lint: ignore[COG001] why\n  Read:\n{pool}  Said:\n{pool}"
        f"    Metadata: {{cognito-lint: {{ignore: {{COG001: why}}}}}}\n  Plain:\n{pool}",
    }
    result = check(files)
    assert (["COG001 Plain"], {"COG001 Direct", "COG001 Read", "COG001 Said"}) == (
        result.active,
        set(result.suppressed),
    )


def test_no_inline_suppressions(check):
    """Neither comments nor Metadata count, and nothing is said of them."""
    files = {
        "main.tf": MUTE + MODULE + "# cognito-lint: ignore\n",
        "template.yaml": "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n"
        "    Metadata: {cognito-lint: {ignore: {COG001: why}}}\n",
    }
    result = check(files, "--no-inline-suppressions")
    assert (1, 2, {}, []) == (result.code, len(result.active), result.suppressed, result.complaints)


def test_verbose_lists_what_is_suppressed(check):
    """On stderr, with the reason and where it is written; control characters are spelled out."""
    result = check({"main.tf": MUTE.replace("why", "a\x1b[31m reason") + MODULE}, "-v")
    assert "suppressed: COG001 aws_cognito_user_pool.this at main.tf:2: a [31m reason (main.tf:1)\n" in result.stderr
    assert "suppressed:" not in check({}).stderr


@pytest.mark.parametrize("day", ["2026-1-1", "tomorrow", "2026-02-30", ""])
def test_a_bad_day_is_wrong_usage(tmp_path, capsys, day):
    """Exit code 2, and what to write."""
    assert 2 == run(tmp_path, "check", "--today", day).code
    assert "YYYY-MM-DD" in capsys.readouterr().err
