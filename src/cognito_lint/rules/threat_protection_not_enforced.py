"""COG001 threat-protection-not-enforced

## What it finds
A user pool that is deployed without threat protection in full-function mode:
the add-ons block is missing, or its mode is missing, OFF, AUDIT or anything but
ENFORCED, with the files' own defaults or whatever is chosen.

## Why it matters
Name and password pairs that leaked elsewhere are tried on every login page.
Without ENFORCED nothing in the pool stops credential stuffing, guessing by
brute force, the takeover of an account, or users who keep a password that is
known to be stolen. OFF looks at nothing; AUDIT rates each sign-in and writes it
to a log, and lets it through.

Federated users sign in elsewhere, and threat protection does not look at them: a
pool that has no others is a reason for a suppression.

## How to fix
ENFORCED needs the Plus feature plan, which costs extra for each monthly active
user. AWS advises two weeks or more in AUDIT before enforcing, so that the risk
model learns how the pool's users behave. Users who are signed in stay so.

### CloudFormation
Reported:

```yaml
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns:
        AdvancedSecurityMode: AUDIT
```

Not reported:

```yaml
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns:
        AdvancedSecurityMode: ENFORCED
```

### Terraform
Reported, because the list is empty and so there is no block:

```hcl
variable "env" {
  default = "prod"
}

resource "aws_cognito_user_pool" "customers" {
  name = "customers"

  dynamic "user_pool_add_ons" {
    for_each = var.env == "dev" ? [1] : []
    content {
      advanced_security_mode = "ENFORCED"
    }
  }
}
```

Not reported:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}
```

### AWS CDK

```typescript
new cognito.UserPool(this, 'Customers', {
  featurePlan: cognito.FeaturePlan.PLUS,
  standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
});
```

### Console
Amazon Cognito, User pools, the user pool, Threat protection. Activate it if it
is not active; the console offers the change to the Plus plan. Then edit
Standard and custom authentication, and set the enforcement mode of standard
authentication to Full function.

### AWS CLI
`update-user-pool` sets every setting that a call leaves out back to its
default, so that `--user-pool-add-ons` alone would reset the pool. Copy the
settings that `describe-user-pool` shows into the input of the update, with
`UserPoolTier` as PLUS and `AdvancedSecurityMode` as ENFORCED, and look at the
result:

```console
aws cognito-idp describe-user-pool --user-pool-id POOL > before.json
aws cognito-idp update-user-pool --generate-cli-skeleton > update.json
aws cognito-idp update-user-pool --cli-input-json file://update.json
aws cognito-idp describe-user-pool --user-pool-id POOL > after.json
cognito-lint check after.json
```

## Counterparts
- AWS Security Hub Cognito.1; AWS Config
  cognito-user-pool-advanced-security-enabled, which also takes AUDIT unless its
  parameter says otherwise
- cdk-nag AwsSolutions-COG3, until 2.37.55; its successor AwsSolutions-COG8
  reads the feature plan and not the mode
- Mondoo cnspec
  mondoo-aws-security-cognito-user-pool-advanced-security-enforced
- Prowler cognito_user_pool_advanced_security_enabled; AWS Service Screener
  cognitoAdvancedSecurityNotEnforced
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, Unknown, UserPool, Value
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import default_worlds, deployments, verdict_of
from cognito_lint.rules.wording import any_of, list_worlds, text_of, words
from cognito_lint.worlds import leaves


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that is not enforced by default, or in any world."""
    found = deployments(pool)
    if verdict_of(found) != "not-enforced":
        return
    at_fault = [world for world in default_worlds(found) if world.value.state == "unprotected"]
    everywhere = all(world.value.state in ("unprotected", "not-deployed") for world in found)
    tiers = {tier.content for tier in leaves(pool.tier)}
    message = any_of([describe(pool, world.value.mode) for world in at_fault])
    if tiers == {"PLUS"}:
        message += "; the pool pays for the Plus plan without using what it is for"
    needs = "" if tiers == {"PLUS"} else f" (the pool needs {words(pool.kind).plus})"
    yield RULE.finding(
        pool,
        message,
        help=words(pool.kind).enforce + needs,
        when=() if everywhere else list_worlds([world.when for world in at_fault]),
        trace=at_fault[0].value.mode.trace,
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
