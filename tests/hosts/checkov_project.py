"""A project with a pool of every kind that Checkov sees: `FILES` by their paths."""

from __future__ import annotations

import json

ENFORCED = 'user_pool_add_ons { advanced_security_mode = "ENFORCED" }'
AUDIT = 'user_pool_add_ons { advanced_security_mode = "AUDIT" }'

ROOT = f"""\
variable "on" {{ default = false }}
variable "open" {{}}
variable "regions" {{ default = ["eu", "us"] }}

resource "aws_cognito_user_pool" "good" {{
  name = "good"
  {ENFORCED}
}}

resource "aws_cognito_user_pool" "missing" {{
  name = "missing"
}}

resource "aws_cognito_user_pool" "empty_block" {{
  name = "empty"
  dynamic "user_pool_add_ons" {{
    for_each = var.on ? [1] : []
    content {{ advanced_security_mode = "ENFORCED" }}
  }}
}}

resource "aws_cognito_user_pool" "full_block" {{
  name = "full"
  dynamic "user_pool_add_ons" {{
    for_each = {{ one = "ENFORCED" }}
    iterator = each_mode
    content {{ advanced_security_mode = each_mode.value }}
  }}
}}

resource "aws_cognito_user_pool" "unproven" {{
  name = "unproven"
  user_pool_add_ons {{ advanced_security_mode = var.open }}
}}

resource "aws_cognito_user_pool" "absent" {{
  count = var.on ? 1 : 0
  name  = "absent"
  {ENFORCED}
}}

resource "aws_cognito_user_pool" "each" {{
  for_each = toset(var.regions)
  name     = each.key
  user_pool_add_ons {{ advanced_security_mode = each.key == "eu" ? "ENFORCED" : "OFF" }}
}}

# cognito-lint: ignore[COG001] two weeks of AUDIT first
resource "aws_cognito_user_pool" "muted" {{
  name = "muted"
  {AUDIT}
}}

resource "aws_cognito_user_pool" "skipped" {{
  #checkov:skip=COG001:a federated pool
  name = "skipped"
}}
"""
CHILD = """\
variable "mode" {}

resource "aws_cognito_user_pool" "this" {
  name = "child"
  dynamic "user_pool_add_ons" {
    for_each = var.mode == null ? [] : [var.mode]
    content { advanced_security_mode = user_pool_add_ons.value }
  }
}
"""
# valid, and more than Checkov's parser understands: it leaves the file out and takes what it calls for a root
UNREAD_BY_CHECKOV = """\
locals {
  on = [for x in ["a", "%{ for c in ["b"] }${c}%{ endfor }"] : upper(x) if upper(x) == "B"][0]
}
"""
PASSING_ON = """\
variable "mode" { default = "ENFORCED" }

module "auth" {
  source = "../auth"
  mode   = var.mode
}
"""
TEMPLATE = """\
Parameters:
  Open: {Type: String}
Conditions:
  Same: !Equals [!Ref Open, x]
Resources:
  Good:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
  Both:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !If [Same, ENFORCED, ENFORCED]}}
  Bad:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}}
  Unproven:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref Open}}
  Muted:
    Type: AWS::Cognito::UserPool
    Metadata: {cognito-lint: {ignore: {COG001: two weeks of AUDIT first}}}
  Skipped:
    Type: AWS::Cognito::UserPool
    #checkov:skip=COG001:a federated pool
    Properties: {UserPoolName: skipped}
"""
SERVERLESS = """\
service: users
provider: {name: aws}
resources:
  Resources:
    Good:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
    Bad:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}}
    Unproven:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: "${param:mode}"}}
"""


def _plan() -> str:
    """A plan of three pools, as `terraform show -json` writes it."""
    changes = []
    for name, block, unknown in (
        ("good", [{"advanced_security_mode": "ENFORCED"}], {}),
        ("bad", [], {}),
        ("unproven", [{}], {"user_pool_add_ons": [{"advanced_security_mode": True}]}),
    ):
        values = {"name": name, "user_pool_add_ons": block}
        changes.append(
            {
                "address": f"aws_cognito_user_pool.{name}",
                "mode": "managed",
                "type": "aws_cognito_user_pool",
                "name": name,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": {"actions": ["create"], "before": None, "after": values, "after_unknown": unknown},
                "values": values,
                "schema_version": 0,
            }
        )
    resources = [{key: change[key] for key in change if key != "change"} for change in changes]
    configured = [
        {key: change[key] for key in ("address", "mode", "type", "name")} | {"expressions": {}} for change in changes
    ]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [{key: change[key] for key in change if key != "values"} for change in changes],
        "configuration": {"root_module": {"resources": configured}},
    }
    return json.dumps(plan, indent=2)


FILES = {
    "root/main.tf": ROOT,
    "modules/auth/main.tf": CHILD,
    "envs/dev/main.tf": 'module "auth" {\n  source = "../../modules/auth"\n  mode   = "AUDIT"\n}\n',
    "envs/prod/main.tf": 'module "auth" {\n  source = "../../modules/auth"\n  mode   = var.mode\n}\n'
    'module "each" {\n  for_each = { eu = "ENFORCED", us = null }\n  source = "../../modules/auth"\n'
    "  mode   = each.value\n}\n"
    'variable "mode" {}\n',
    "envs/prod/terraform.tfvars": 'mode = "ENFORCED"\n',
    "unread/main.tf": 'module "between" {\n  source = "./between"\n  mode   = "OFF"\n}\n' + UNREAD_BY_CHECKOV,
    "unread/between/main.tf": PASSING_ON,
    "unread/auth/main.tf": CHILD,
    "json/main.tf.json": json.dumps(
        {
            "provider": {"aws": [{"region": "eu-west-1"}]},
            "resource": {
                "aws_cognito_user_pool": {
                    "good": {"name": "a", "user_pool_add_ons": {"advanced_security_mode": "ENFORCED"}},
                    "bad": {"name": "a"},
                }
            },
        },
        indent=2,
    ),
    "broken/main.tf": f'resource "aws_cognito_user_pool" "p" {{\n  name = "p"\n  {ENFORCED}\n}}\n',
    "broken/zbroken.tf": 'resource "aws_cognito_user_pool" "q" {\n',
    "plan/tfplan.json": _plan(),
    "cfn/template.yaml": TEMPLATE,
    "sls/serverless.yml": SERVERLESS,
}
