"""COG001 threat-protection-not-enforced

## What it finds
A user pool that is deployed without threat protection in full-function mode: the add-ons block is missing, or its
mode is missing, OFF, AUDIT or anything but ENFORCED, with the files' own defaults or whatever is chosen.

## Why it matters
Without ENFORCED nothing stops a sign-in with a stolen password: credential stuffing, brute force and account takeover
go through. In AUDIT mode Cognito only writes such sign-ins to its log.

## What to write
CloudFormation:

    UserPoolTier: PLUS
    UserPoolAddOns:
      AdvancedSecurityMode: ENFORCED

Terraform:

    user_pool_tier = "PLUS"
    user_pool_add_ons {
      advanced_security_mode = "ENFORCED"
    }

AWS CDK: `featurePlan: FeaturePlan.PLUS` and `standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION`.
Console: Amazon Cognito, the user pool, Threat protection, Enforcement mode: Full function.
Command line: `aws cognito-idp update-user-pool` resets every setting that the call leaves out. Take the whole
configuration from `aws cognito-idp describe-user-pool` and pass it along with
`--user-pool-add-ons AdvancedSecurityMode=ENFORCED`.

The Plus plan costs extra for each monthly active user. AWS advises to run in AUDIT for about two weeks before
enforcing, so that the risk model learns how the pool's users behave.

## Counterparts
Security Hub Cognito.1; AWS Config cognito-user-pool-advanced-security-enabled; cdk-nag AwsSolutions-COG3 (until
2.37.55; its successor COG8 reads only the tier); Prowler cognito_user_pool_advanced_security_enabled; Mondoo cnspec
mondoo-aws-security-cognito-user-pool-advanced-security-enforced.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, Unknown, UserPool, Value
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import default_worlds, deployments, verdict_of
from cognito_lint.rules.wording import list_worlds, text_of, words
from cognito_lint.worlds import leaves


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that is not enforced by default, or in any world."""
    found = deployments(pool)
    if verdict_of(found) != "not-enforced":
        return
    at_fault = [world for world in default_worlds(found) if world.value.state == "unprotected"]
    everywhere = all(world.value.state in ("unprotected", "not-deployed") for world in found)
    mode = at_fault[0].value.mode
    tiers = {tier.content for tier in leaves(pool.tier)}
    message = describe(pool, mode)
    if tiers == {"PLUS"}:
        message += "; the pool pays for the Plus plan without using what it is for"
    needs = "" if tiers == {"PLUS"} else f" (the pool needs {words(pool.kind).plus})"
    yield RULE.finding(
        pool,
        message,
        help=words(pool.kind).enforce + needs,
        when=() if everywhere else list_worlds([world.when for world in at_fault]),
        trace=mode.trace,
    )


def describe(pool: UserPool, mode: Value) -> str:
    """What a mode that is not ENFORCED means, for a person."""
    name = words(pool.kind)
    content = mode.content
    if isinstance(content, Unknown):
        return f"the mode is not ENFORCED, whatever else it is: {content.reason}"
    if content is None and pool.anchor == pool.span:
        return f"{name.block} is missing: threat protection is off"
    if content is None:
        return f"{name.block} is empty or sets no {name.mode}: threat protection is off"
    if content is False:
        return 'the mode is OFF without quotes, which YAML reads as the Boolean false: write "OFF" if it is meant'
    if content == "AUDIT":
        return "the mode is AUDIT: risky sign-ins are logged, not blocked"
    if content == "OFF":
        return "the mode is OFF: risky sign-ins are neither logged nor blocked"
    return (
        f'the mode is "{text_of(mode)}", which Cognito does not know: only ENFORCED, spelled so, blocks risky sign-ins'
    )


RULE = Rule(
    "COG001",
    "threat-protection-not-enforced",
    ("error",),
    "The pool is deployed without threat protection in full-function mode",
    __name__,
    check,
)
