"""COG091: a suppression is called needless only where nothing else could need it, and expires on its day."""

from __future__ import annotations

import pytest

IGNORE = "# cognito-lint: ignore[%s] why"
MODULE = (
    'variable "mode" {}\n'
    + IGNORE % "COG001"
    + '\nresource "aws_cognito_user_pool" "this" {\n  name = "x"\n  user_pool_tier = "PLUS"\n'
    "  user_pool_add_ons {\n    advanced_security_mode = var.mode\n  }\n}\n"
)
CALL = 'module "auth" {\n  source = "../../modules/auth"\n  mode   = "%s"\n}\n'
NEEDED = {"modules/auth/main.tf": MODULE, "envs/dev/main.tf": CALL % "AUDIT", "envs/prod/main.tf": CALL % "ENFORCED"}
NEEDLESS = {**NEEDED, "envs/dev/main.tf": CALL % "ENFORCED"}
POOL = 'resource "aws_cognito_user_pool" "this" {\n  name = "x"\n%s}\n'
ON = '  user_pool_tier = "PLUS"\n  user_pool_add_ons {\n    advanced_security_mode = %s\n  }\n'


@pytest.mark.parametrize(
    "arguments",
    [
        (".",),
        ("envs/prod",),
        ("envs/prod/main.tf",),
        ("modules/auth/main.tf",),
        ("--exclude", "envs/dev"),
        ("--strict",),
        ("--ignore", "COG001"),
    ],
    ids=" ".join,
)
def test_used_in_one_root_is_used(check, arguments):
    """A module's suppression that one caller needs is needed, be that caller looked at in this run or not."""
    assert [] == check(NEEDED, *arguments).complaints


@pytest.mark.parametrize("arguments", [(".",), ("envs/prod",), ("modules/auth/main.tf",)], ids=" ".join)
def test_needed_by_no_root_it_is_needless(check, arguments):
    """Every caller was evaluated, and none of them has the finding."""
    [(rule, file, line, message)] = check(NEEDLESS, *arguments).complaints
    assert ("COG091", "modules/auth/main.tf", 2) == (rule, file, line)
    assert "COG001" in message


@pytest.mark.parametrize(
    "arguments",
    [("--var", "mode=ENFORCED"), ("--var-file", "prod.tfvars"), ("--select", "COG001"), ("--ignore", "COG091")],
    ids=" ".join,
)
def test_values_given_by_hand_prove_nothing(check, arguments):
    """Another deployment may need it; and a rule that is not asked is not reported."""
    content = 'variable "mode" {\n  default = "AUDIT"\n}\n' + IGNORE % "COG001" + "\n" + POOL % (ON % "var.mode")
    files = {"main.tf": content, "prod.tfvars": 'mode = "ENFORCED"\n'}
    assert [] == check(files, *arguments).complaints


def test_what_strict_needs_is_needed(check):
    """A suppression for a run with --strict is not needless in one without."""
    content = 'variable "mode" {\n  default = "ENFORCED"\n}\n' + IGNORE % "COG002" + "\n" + POOL % (ON % "var.mode")
    assert [] == check({"main.tf": content}).complaints
    assert {"COG002 aws_cognito_user_pool.this": "why"}.items() <= check({}, "--strict").suppressed.items()


def test_what_is_not_on_disk_may_need_it(check):
    """A module that is not there, and a root that cannot be evaluated as a whole."""
    remote = IGNORE % "COG001" + '\nmodule "%s" {\n  source  = "example/%s/aws"\n}\n' + POOL % (ON % '"ENFORCED"')
    assert [] == check({"main.tf": remote % ("cognito", "cognito")}).complaints
    assert [] == check({"main.tf": remote % ("other", "other")}).complaints
    broken = IGNORE % "COG001" + "\n" + POOL % (ON % '"ENFORCED"') + 'locals {\n  a = "b\n}\n'
    assert [] == check({"main.tf": broken}).complaints


def test_a_nested_template_is_asked_with_its_callers(check):
    """As a module is."""
    child = "Parameters: {Mode: {Type: String}}\nResources:\n  Pool: %s\n    Type: AWS::Cognito::UserPool\n" % (
        IGNORE % "COG001"
    )
    child += "    Properties: {UserPoolTier: PLUS, UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}}\n"
    stack = (
        "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: ../child.yaml, Parameters: {Mode: %s}}\n"
    )
    files = {"child.yaml": child, "dev/dev.yaml": stack % "AUDIT", "prod/prod.yaml": stack % "ENFORCED"}
    assert [] == check(files, "prod").complaints
    files["dev/dev.yaml"] = stack % "ENFORCED"
    assert ["COG091"] == [rule for rule, *_ in check(files, "prod").complaints]


@pytest.mark.parametrize(("today", "suppressed"), [("2026-06-29", True), ("2026-06-30", True), ("2026-07-01", False)])
def test_the_last_day_is_the_last(check, today, suppressed):
    """On the day itself it counts; on the next the finding is back, and the suppression says why."""
    files = {"main.tf": IGNORE % "COG001 until=2026-06-30" + "\n" + POOL % ""}
    result = check(files, "--today", today)
    assert suppressed == bool(result.suppressed)
    assert (0 if suppressed else 1) == result.code
    expired = [message for rule, _, _, message in result.complaints if rule == "COG091"]
    assert [] == expired if suppressed else "2026-06-30" in expired[0]


def test_looking_for_other_readers_says_nothing_of_them(check):
    """What is evaluated to prove it is not reported, in the findings or on stderr."""
    files = {**NEEDLESS, "envs/prod/main.tf": CALL % "ENFORCED"}
    result = check(files, "envs/prod")
    assert ([], {}) == (result.active, result.suppressed)
    assert "1 user pool" in result.stderr
