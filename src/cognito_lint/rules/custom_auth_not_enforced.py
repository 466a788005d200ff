"""COG004 custom-auth-not-enforced

## What it finds
A user pool with custom-authentication Lambda triggers whose custom-auth mode is not ENFORCED.

## Why it matters
The mode covers sign-ins by password and SRP. Sign-ins through custom challenges have a switch of their own; while it is
missing or AUDIT, risky ones are not blocked.

## What to write
CloudFormation:

    UserPoolAddOns:
      AdvancedSecurityMode: ENFORCED
      AdvancedSecurityAdditionalFlows:
        CustomAuthMode: ENFORCED

Terraform (AWS provider 5.98.0 or newer; it is a block, not an argument):

    user_pool_add_ons {
      advanced_security_mode = "ENFORCED"
      advanced_security_additional_flows {
        custom_auth_mode = "ENFORCED"
      }
    }

AWS CDK: `customThreatProtectionMode: CustomThreatProtectionMode.FULL_FUNCTION`.
Console: the user pool, Threat protection, Custom authentication.

## Counterparts
Security Hub Cognito.4; AWS Config cognito-userpool-cust-auth-threat-full-check.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, UserPool, Value
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import by_default, mode_state
from cognito_lint.rules.wording import text_of


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that by default has such triggers and does not enforce for them."""
    found = by_default(pool, pool.custom_auth_triggers, pool.custom_auth_mode)
    lacking = [mode for triggers, mode in found if triggers.content is True and mode_state(mode) != "enforced"]
    if lacking:
        yield RULE.finding(
            pool,
            "the pool has custom-authentication triggers, " + _message(lacking[0]),
            help="write " + _ENFORCE["terraform" if pool.kind.startswith("terraform") else "cloudformation"],
            trace=lacking[0].trace,
        )


def _message(mode: Value) -> str:
    if mode_state(mode) == "unknown":
        return "and it is not proven that threat protection is enforced for them"
    if mode.content is None:
        return "and no custom-auth mode is set: risky sign-ins through them are not blocked"
    return f"and their mode is {text_of(mode)}: risky sign-ins through them are not blocked"


_ENFORCE = {
    "cloudformation": "AdvancedSecurityAdditionalFlows: {CustomAuthMode: ENFORCED} inside UserPoolAddOns",
    "terraform": 'advanced_security_additional_flows { custom_auth_mode = "ENFORCED" } inside user_pool_add_ons',
}

RULE = Rule(
    "COG004",
    "custom-auth-not-enforced",
    ("warning",),
    "Custom-authentication sign-ins are not under threat protection in full-function mode",
    __name__,
    check,
)
