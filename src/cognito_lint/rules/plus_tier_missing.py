"""COG003 plus-tier-missing

## What it finds
A user pool whose mode is ENFORCED, but which is not on the Plus feature plan: a
warning if the plan is written as LITE or ESSENTIALS, a note if none is written
(a new pool is then on ESSENTIALS).

## Why it matters
Threat protection belongs to the Plus plan. For a new pool on another one AWS
refuses the deployment with `FeatureUnavailableInTierException`, and whoever is
in a hurry then takes the protection out. Pools that are older than the feature
plans (November 2024) may keep threat protection on Lite, which files can't
show: so this is never an error.

## How to fix
The Plus plan costs extra for each monthly active user. A pool that kept threat
protection from before the plans is right as it is: suppress the finding and say
so.

### CloudFormation
Reported:

```yaml
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: ESSENTIALS
      UserPoolAddOns:
        AdvancedSecurityMode: ENFORCED
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

SAM's own validation refuses `UserPoolTier` while the cfn-lint that it brings
along is older than the property; the deployment takes it.

### Terraform
`user_pool_tier` needs the AWS provider 5.83.0 or newer. Reported:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name = "customers"

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
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
Amazon Cognito, User pools, the user pool, Settings: switch the feature plan to
Plus.

### AWS CLI
As for COG001: `update-user-pool` with the pool's whole configuration and
`UserPoolTier` as PLUS. A call that leaves settings out resets them.

## Counterparts
- cdk-nag AwsSolutions-COG8, which wants the plan and does not read the mode
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, Unknown, UserPool, Value
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import by_default, mode_state
from cognito_lint.rules.wording import text_of, words


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that enforces by default on a plan that is not Plus."""
    tiers = [tier for mode, tier in by_default(pool, pool.mode, pool.tier) if mode_state(mode) == "enforced"]
    lacking = [tier for tier in tiers if tier.content != "PLUS" and not isinstance(tier.content, Unknown)]
    if not lacking:
        return
    written = next((tier for tier in lacking if tier.content is not None), None)
    yield RULE.finding(
        pool,
        _message(written),
        level="note" if written is None else "warning",
        help=f"write {words(pool.kind).plus} (the Plus plan costs extra for each active user)",
        trace=written.trace if written else (),
    )


def _message(written: Value | None) -> str:
    plan = "no feature plan is written, so a new pool is on ESSENTIALS" if written is None else text_of(written)
    lead = plan if written is None else f"the feature plan is {plan}"
    return f"{lead}: AWS refuses ENFORCED there unless the pool is older than the feature plans"


RULE = Rule(
    "COG003",
    "plus-tier-missing",
    ("warning", "note"),
    "The mode is ENFORCED, but the pool is not on the Plus feature plan that it needs",
    __name__,
    check,
)
