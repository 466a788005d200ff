"""Pools to write somewhere, and the command that checks them."""

import json
from typing import NamedTuple

import command_runs

IN_MODULE = "module.auth.aws_cognito_user_pool.this"


def call(mode, source="../modules/auth"):
    return f'module "auth" {{\n  source = "{source}"\n  mode   = "{mode}"\n}}\n'


def template(mode, *pools):
    text = "Resources:\n"
    for pool in pools or ("Pool",):
        text += f"  {pool}:\n    Type: AWS::Cognito::UserPool\n    Properties:\n"
        text += f"      UserPoolAddOns: {{AdvancedSecurityMode: {mode}}}\n"
    return text


class Checked(NamedTuple):
    """What the JSON report says, if there is one: findings as (rule, unit, address), pools as (unit, address)."""

    code: int
    err: str
    report: dict | None
    active: list
    suppressed: list
    pools: list


def check(root, *arguments, stdin=b"", environment=None):
    """`cognito-lint check --format json` in `root`, and its report by what counts."""
    ran = command_runs.check(root, *arguments, stdin=stdin, environment=environment)
    report = ran.report if ran.out else None
    findings, pools = (report["findings"], report["pools"]) if report else ([], [])
    found = [((f["rule"], f["unit"], f["address"]), f["suppressed"]) for f in findings]
    return Checked(
        ran.code,
        ran.err,
        report,
        sorted(key for key, by in found if not by),
        sorted(key for key, by in found if by),
        sorted((pool["unit"], pool["address"]) for pool in pools),
    )


def rules(ran):
    return sorted({rule for rule, _, _ in ran.active})


def units(ran):
    return sorted({unit for _, unit, _ in ran.active})


def entries(root, name="known.json"):
    return json.loads((root / name).read_text(encoding="utf-8"))["findings"]
