"""COG004 custom-auth-not-enforced

## What it finds
A user pool with Lambda triggers for custom authentication (define, create or
verify auth challenge) whose custom-auth mode is not ENFORCED.

## Why it matters
The mode of COG001 covers sign-ins by password and SRP. Sign-ins through custom
challenges (one-time links, codes, a captcha) have a switch of their own; while
it is missing or AUDIT, they are a way around the protection: risky ones are not
blocked.

## How to fix

### CloudFormation
Reported:

```yaml
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      LambdaConfig:
        DefineAuthChallenge: arn:aws:lambda:eu-west-1:111122223333:function:define
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
      LambdaConfig:
        DefineAuthChallenge: arn:aws:lambda:eu-west-1:111122223333:function:define
      UserPoolAddOns:
        AdvancedSecurityMode: ENFORCED
        AdvancedSecurityAdditionalFlows:
          CustomAuthMode: ENFORCED
```

### Terraform
The additional flows are a block, not an argument, and need the AWS provider
5.98.0 or newer. Reported:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  lambda_config {
    define_auth_challenge = "arn:aws:lambda:eu-west-1:111122223333:function:define"
  }

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

  lambda_config {
    define_auth_challenge = "arn:aws:lambda:eu-west-1:111122223333:function:define"
  }

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"

    advanced_security_additional_flows {
      custom_auth_mode = "ENFORCED"
    }
  }
}
```

### AWS CDK

```typescript
new cognito.UserPool(this, 'Customers', {
  featurePlan: cognito.FeaturePlan.PLUS,
  standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
  customThreatProtectionMode: cognito.CustomThreatProtectionMode.FULL_FUNCTION,
});
```

### Console
Amazon Cognito, User pools, the user pool, Threat protection: edit Standard and
custom authentication, and set the enforcement mode of custom authentication to
Full function.

### AWS CLI
As for COG001: `update-user-pool` with the pool's whole configuration, and in
`UserPoolAddOns` the `AdvancedSecurityAdditionalFlows` with `CustomAuthMode` as
ENFORCED. A call that leaves settings out resets them.

## Counterparts
- AWS Security Hub Cognito.4; AWS Config
  cognito-userpool-cust-auth-threat-full-check
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
