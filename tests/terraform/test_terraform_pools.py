"""What becomes of a user pool's resource: the way of its mode, its anchor, and what belongs to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_projects import POOL, evaluate, pool_of, reason_of_mode, verdict_of_mode, write

from cognito_lint.model import Value
from cognito_lint.rules.verdict import deployments

LITERAL = POOL.replace("MODE", '"ENFORCED"')


def _trace(directory: Path) -> list[tuple[str, str, int, int]]:
    (unit,) = evaluate(directory)
    (world,) = deployments(unit.pools[0])
    return [(step.text, step.span.file, step.span.line, step.span.column) for step in world.value.mode.trace]


def test_the_way_of_a_value_starts_where_it_was_decided(tmp_path: Path) -> None:
    """From the tfvars line through the module's argument to the block that reads it."""
    write(
        tmp_path,
        {
            "main.tf": 'variable "mode" {}\nmodule "auth" {\n  source = "./auth"\n  mode   = var.mode\n}\n',
            "terraform.tfvars": 'mode = "AUDIT"\n',
            "auth/main.tf": 'variable "mode" {}\n' + POOL.replace("MODE", "var.mode"),
        },
    )
    assert [
        ("decided here", "terraform.tfvars", 1, 8),
        ("passed here", "main.tf", 4, 12),
        ("read here", "auth/main.tf", 4, 30),
    ] == _trace(tmp_path)


def test_the_way_names_a_local_and_the_default(tmp_path: Path) -> None:
    """A default and a local are stations too."""
    text = 'variable "mode" {\n  default = "OFF"\n}\nlocals {\n  mode = var.mode\n}\n' + POOL.replace(
        "MODE", "local.mode"
    )
    write(tmp_path, {"main.tf": text})
    assert [("decided here", "main.tf", 2, 13), ("read here", "main.tf", 5, 10), ("read here", "main.tf", 9, 30)] == (
        _trace(tmp_path)
    )


EMPTY = """\
variable "env" {
  default = "dev"
}
variable "modes" {
  default = []
}
resource "aws_cognito_user_pool" "this" {
  dynamic "user_pool_add_ons" {
    for_each = COLLECTION
    content {
      advanced_security_mode = "ENFORCED"
    }
  }
}
"""


@pytest.mark.parametrize(
    ("collection", "way"),
    [
        (
            'var.env == "prod" ? [1] : []',
            [
                ("decided here", 9, 42),
                ("decides the condition", 2, 13),
                ("chosen by this condition", 9, 16),
                ("repeated over this, which is empty", 9, 16),
            ],
        ),
        (
            "var.modes",
            [("decided here", 5, 13), ("repeated over this, which is empty", 9, 16)],
        ),
        (
            "data.aws_x.y.list",
            [("repeated over this, which is empty", 9, 16)],
        ),
    ],
)
def test_the_way_of_no_block_is_that_of_the_empty_collection(
    tmp_path: Path, collection: str, way: list[tuple[str, int, int]]
) -> None:
    """A block that is not there was left out somewhere: where the list was made that a dynamic block goes through."""
    pool = pool_of(tmp_path, EMPTY.replace("COLLECTION", collection))
    (gone,) = [world.value.mode for world in deployments(pool) if world.value.mode.content is None]
    assert way == [(step.text, step.span.line, step.span.column) for step in gone.trace]


def test_the_way_through_a_template_names_files_alone(tmp_path: Path) -> None:
    """A template's file by its path in the repository; a template that is a string has no place of its own."""
    file = POOL.replace("MODE", 'templatefile("${path.module}/mode.tpl", { mode = "OFF" })')
    string = POOL.replace("MODE", 'templatestring("$${mode}", { mode = "OFF" })').replace('"this"', '"that"')
    write(tmp_path, {"live/main.tf": file + string, "live/mode.tpl": "%{ if mode == 1 }a%{ else }OFF%{ endif }"})
    (unit,) = evaluate(tmp_path)
    places = [[step.span.file for step in pool.mode.trace] for pool in unit.pools]
    assert [["live/mode.tpl"], ["live/main.tf"]] == [list(dict.fromkeys(files)) for files in places]


def test_the_anchor_is_the_add_ons_block_or_the_header(tmp_path: Path) -> None:
    """Where a missing mode is reported."""
    pool = pool_of(tmp_path, LITERAL)
    assert (1, 1) == (pool.span.line, pool.span.column)
    assert (2, 3) == (pool.anchor.line, pool.anchor.column)
    without = pool_of(tmp_path, 'resource "aws_cognito_user_pool" "this" {\n}\n')
    assert without.span == without.anchor


@pytest.mark.parametrize(
    ("written", "covered"),
    [
        ("all", True),
        ("[user_pool_add_ons]", True),
        ("[name, user_pool_add_ons[0].advanced_security_mode]", True),
        ('["user_pool_add_ons"]', True),
        ("[name]", False),
        ("[]", False),
    ],
)
def test_ignored_changes_of_the_add_ons(tmp_path: Path, written: str, covered: bool) -> None:
    """Every form in which lifecycle.ignore_changes can cover the add-ons."""
    lifecycle = f"  lifecycle {{\n    ignore_changes = {written}\n  }}\n}}\n"
    pool = pool_of(tmp_path, LITERAL[:-2] + lifecycle)
    assert covered == (pool.ignored_changes is not None)


def test_tier_flows_and_triggers(tmp_path: Path) -> None:
    """The other properties, a trigger by an ARN that is known only after apply."""
    pool = pool_of(
        tmp_path,
        'resource "aws_lambda_function" "auth" {\n}\nresource "aws_cognito_user_pool" "this" {\n'
        '  user_pool_tier = upper("plus")\n'
        '  user_pool_add_ons {\n    advanced_security_mode = "ENFORCED"\n'
        '    advanced_security_additional_flows {\n      custom_auth_mode = "AUDIT"\n    }\n  }\n'
        "  lambda_config {\n    define_auth_challenge = aws_lambda_function.auth.arn\n  }\n}\n",
    )
    assert (Value("PLUS"), Value("AUDIT"), Value(True)) == (pool.tier, pool.custom_auth_mode, pool.custom_auth_triggers)


def test_no_trigger_without_a_custom_auth_lambda(tmp_path: Path) -> None:
    """Other triggers, and ones that are null, don't make custom authentication."""
    text = '  lambda_config {\n    pre_sign_up           = "arn"\n    define_auth_challenge = null\n  }\n}\n'
    pool = pool_of(tmp_path, LITERAL[:-2] + text)
    assert Value(False) == pool.custom_auth_triggers


RISK = """
resource "aws_cognito_risk_configuration" "this" {
  user_pool_id = POOL_ID
  compromised_credentials_risk_configuration {
    event_filter = ["SIGN_IN", "PASSWORD_CHANGE"]
    actions {
      event_action = "BLOCK"
    }
  }
  account_takeover_risk_configuration {
    actions {
      high_action {
        event_action = "MFA_REQUIRED"
        notify       = true
      }
      dynamic "medium_action" {
        for_each = ["NO_ACTION"]
        content {
          event_action = medium_action.value
          notify       = false
        }
      }
    }
  }
}
"""


def test_a_risk_configuration_belongs_to_the_pool_whose_id_it_has(tmp_path: Path) -> None:
    """With every action in its place."""
    pool = pool_of(tmp_path, LITERAL + RISK.replace("POOL_ID", "aws_cognito_user_pool.this.id"))
    (risk,) = pool.risk_configurations
    assert ("aws_cognito_risk_configuration.this", Value(True), Value(None)) == (
        risk.address,
        risk.deployed,
        risk.client,
    )
    assert (Value("BLOCK"), Value("PASSWORD_CHANGE,SIGN_IN")) == (risk.compromised_credentials, risk.events)
    assert (Value("MFA_REQUIRED"), Value("NO_ACTION"), Value(None)) == (risk.high, risk.medium, risk.low)


@pytest.mark.parametrize(
    ("module", "reference", "joined"),
    [
        (LITERAL, "aws_cognito_user_pool.this.id", True),
        (LITERAL, "local.id", True),
        (LITERAL.replace('" {', '" {\n  count = 1', 1), "aws_cognito_user_pool.this[0].id", True),
        (LITERAL.replace('" {', '" {\n  count = 1', 1), "one(aws_cognito_user_pool.this[*].id)", True),
        (LITERAL, "aws_cognito_user_pool.other.id", False),
        (LITERAL, '"eu-west-1_aBcDeFgHi"', False),
    ],
)
def test_how_a_risk_configuration_names_its_pool(tmp_path: Path, module: str, reference: str, joined: bool) -> None:
    """By whatever way the id came; an id written out belongs to a pool elsewhere."""
    local = "locals {\n  id = aws_cognito_user_pool.this.id\n}\n" if "local" in reference else ""
    pool = pool_of(tmp_path, module + local + RISK.replace("POOL_ID", reference))
    assert joined == bool(pool.risk_configurations)


def test_each_instance_has_the_risk_configuration_of_its_key(tmp_path: Path) -> None:
    """for_each on both sides, and a module in between."""
    write(
        tmp_path,
        {
            "main.tf": 'module "auth" {\n  source   = "./auth"\n  for_each = toset(["eu", "us"])\n}\n'
            + RISK.replace("POOL_ID", "module.auth[each.key].id").replace('" {', '" {\n  for_each = toset(["eu"])', 1),
            "auth/main.tf": LITERAL + 'output "id" {\n  value = aws_cognito_user_pool.this.id\n}\n',
        },
    )
    (unit,) = evaluate(tmp_path)
    assert {
        'module.auth["eu"].aws_cognito_user_pool.this': ['aws_cognito_risk_configuration.this["eu"]'],
        'module.auth["us"].aws_cognito_user_pool.this': [],
    } == {pool.address: [risk.address for risk in pool.risk_configurations] for pool in unit.pools}


def test_an_unknown_mode_stays_one_unknown_with_its_reason(tmp_path: Path) -> None:
    """Nobody wants to read that a variable may be OFF, AUDIT, ENFORCED or null."""
    pool = pool_of(tmp_path, 'variable "mode" {}\n' + POOL.replace("MODE", "var.mode"))
    assert ["the variable mode has no value and no default"] == [
        getattr(world.value.mode.content, "reason", None) for world in deployments(pool)
    ]


@pytest.mark.parametrize(
    ("declaration", "expression", "reason"),
    [
        ('resource "aws_x" "y" {}', "aws_x.y.id", "the resource aws_x.y is known only when Terraform runs"),
        ('data "aws_x" "y" {}', "data.aws_x.y.id", "the data source data.aws_x.y is known only when Terraform runs"),
        (
            'ephemeral "aws_x" "y" {}',
            "ephemeral.aws_x.y.id",
            "the ephemeral resource ephemeral.aws_x.y is known only when Terraform runs",
        ),
        ('data "aws_x" "y" {}', "ephemeral.aws_x.y.id", "ephemeral.aws_x.y is not declared"),
    ],
)
def test_what_terraform_alone_knows_is_named(tmp_path: Path, declaration: str, expression: str, reason: str) -> None:
    """The reason says what the value would come from, as it is declared."""
    assert reason == reason_of_mode(tmp_path, expression, declaration + "\n")


def test_a_world_that_terraform_refuses_is_no_assumption(tmp_path: Path) -> None:
    """`!var.on` is refused where the variable is null: what follows from it elsewhere does not speak of the error."""
    text = (
        'variable "on" {\n  type = bool\n}\nvariable "name" {\n  type = string\n}\n'
        "locals {\n  on = !var.on ? false : var.name != null\n}\n"
    ) + POOL.replace("MODE", '!local.on ? "OFF" : "ENFORCED"')
    write(tmp_path, {"main.tf": text})
    (unit,) = evaluate(tmp_path)
    (pool,) = unit.pools
    subjects = {one.split(" is ")[0] for world in deployments(pool) for one in world.when}
    assert {"var.on", "var.name"} == subjects


def test_a_requirement_counts_only_where_the_resource_exists(tmp_path: Path) -> None:
    """A pool that is not deployed in a world does not say what a variable can be there."""
    text = (
        'variable "mode" {}\nvariable "on" {\n  type = bool\n}\n'
        'resource "aws_cognito_user_pool" "other" {\n  count = var.on ? 1 : 0\n'
        "  user_pool_add_ons {\n    advanced_security_mode = var.mode\n  }\n}\n"
    ) + POOL.replace("MODE", 'var.mode == "other" ? "OFF" : "ENFORCED"')
    write(tmp_path, {"main.tf": text})
    (unit,) = evaluate(tmp_path)
    states = {pool.address: {world.value.state for world in deployments(pool)} for pool in unit.pools}
    assert {"enforced", "unprotected"} == states["aws_cognito_user_pool.this"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('try(var.nobody, "ENFORCED")', "unproven"),
        ('try(local.absent, "ENFORCED")', "unproven"),
        ('try({}.mode, "ENFORCED")', "enforced"),
        ('can({}.mode) ? "OFF" : "ENFORCED"', "enforced"),
        ('try(data.aws_region.here.name, "ENFORCED")', "unproven"),
        ('lookup({ dev = "OFF" }, terraform.workspace, "ENFORCED")', "unproven"),
        ('terraform.workspace == "dev" ? "ENFORCED" : terraform.workspace != "dev" ? "ENFORCED" : "OFF"', "enforced"),
        ('path.root == path.module ? "ENFORCED" : "OFF"', "enforced"),
        ('sensitive("ENFORCED")', "enforced"),
        ('timestamp() == "" ? "ENFORCED" : "ENFORCED"', "enforced"),
        ("provider::example::mode()", "unproven"),
        ('try(rsadecrypt("x", "y"), "ENFORCED")', "enforced"),
        ('try(rsadecrypt("eA==", "-----BEGIN RSA PRIVATE KEY-----"), "ENFORCED")', "unproven"),
        ('try(format("%s", null), "ENFORCED")', "unproven"),
        ('3 == format("%s", null) ? "OFF" : "ENFORCED"', "unproven"),
        ('compact(split(",", terraform.workspace)) == tolist([]) ? "OFF" : "ENFORCED"', "enforced"),
        ('compact(split(",", terraform.workspace)) == compact([]) ? "OFF" : "ENFORCED"', "unproven"),
        ("ENFORCED", "unproven"),
        ("null", "not-enforced"),
        ("true", "not-enforced"),
    ],
)
def test_verdicts_of_single_expressions(tmp_path: Path, expression: str, expected: str) -> None:
    """What catches an error and what does not, and what is known at all."""
    assert expected == verdict_of_mode(tmp_path, expression, 'data "aws_region" "here" {\n}\n')
