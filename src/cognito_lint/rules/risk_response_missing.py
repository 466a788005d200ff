r"""COG005 risk-response-missing

## What it finds
A user pool whose mode is ENFORCED, but which does not act on what it finds: a
risk configuration of the same unit does not block compromised credentials at
sign-in, or does not answer account takeover (high risk needs BLOCK or
MFA_REQUIRED, medium risk at least MFA_IF_CONFIGURED): a warning. If the unit
has no risk configuration for the pool: a note, because it may live elsewhere.

## Why it matters
ENFORCED without answers is protection on paper: the pool rates the risk of each
sign-in and then lets it through. A configuration for all clients is the pool's
own, and one for a single client overrides it there. An absent event filter
means all events. MFA_IF_CONFIGURED lets users without a second factor through.
Compromised credentials are looked for where a password is sent, and so in no
SRP sign-in and no custom one.

## How to fix

### CloudFormation
Reported:

```yaml
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns:
        AdvancedSecurityMode: ENFORCED
  Risk:
    Type: AWS::Cognito::UserPoolRiskConfigurationAttachment
    Properties:
      UserPoolId: !Ref Customers
      ClientId: ALL
      CompromisedCredentialsRiskConfiguration:
        Actions:
          EventAction: NO_ACTION
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
  Risk:
    Type: AWS::Cognito::UserPoolRiskConfigurationAttachment
    Properties:
      UserPoolId: !Ref Customers
      ClientId: ALL
      CompromisedCredentialsRiskConfiguration:
        Actions:
          EventAction: BLOCK
      AccountTakeoverRiskConfiguration:
        Actions:
          HighAction: {EventAction: BLOCK, Notify: false}
          MediumAction: {EventAction: MFA_IF_CONFIGURED, Notify: false}
```

### Terraform
Reported:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}

resource "aws_cognito_risk_configuration" "customers" {
  user_pool_id = aws_cognito_user_pool.customers.id

  compromised_credentials_risk_configuration {
    event_filter = ["SIGN_UP"]

    actions {
      event_action = "BLOCK"
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

resource "aws_cognito_risk_configuration" "customers" {
  user_pool_id = aws_cognito_user_pool.customers.id

  compromised_credentials_risk_configuration {
    actions {
      event_action = "BLOCK"
    }
  }

  account_takeover_risk_configuration {
    actions {
      high_action {
        event_action = "BLOCK"
        notify       = false
      }

      medium_action {
        event_action = "MFA_IF_CONFIGURED"
        notify       = false
      }
    }
  }
}
```

### AWS CDK

```typescript
new cognito.CfnUserPoolRiskConfigurationAttachment(this, 'Risk', {
  userPoolId: customers.userPoolId,
  clientId: 'ALL',
  compromisedCredentialsRiskConfiguration: { actions: { eventAction: 'BLOCK' } },
  accountTakeoverRiskConfiguration: {
    actions: {
      highAction: { eventAction: 'BLOCK', notify: false },
      mediumAction: { eventAction: 'MFA_IF_CONFIGURED', notify: false },
    },
  },
});
```

### Console
Amazon Cognito, User pools, the user pool, Threat protection: block under
Compromised credentials, and choose an answer for each risk level under Adaptive
authentication.

### AWS CLI
A call replaces the whole risk configuration of the pool (or of the client that
`--client-id` names), but no other setting:

```console
aws cognito-idp set-risk-configuration --user-pool-id POOL \
  --compromised-credentials-risk-configuration Actions={EventAction=BLOCK} \
  --account-takeover-risk-configuration '{"Actions": {
      "HighAction": {"EventAction": "BLOCK", "Notify": false},
      "MediumAction": {"EventAction": "MFA_IF_CONFIGURED", "Notify": false}}}'
```

## Counterparts
- Prowler cognito_user_pool_blocks_compromised_credentials_sign_in_attempts and
  cognito_user_pool_blocks_potential_malicious_sign_in_attempts, which wants
  BLOCK at every level
- AWS Service Screener cognitoCompromisedCredentialProtection and
  cognitoAccountTakeoverProtectionWeak
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, RiskConfiguration, Unknown, UserPool, Value
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import by_default, mode_state
from cognito_lint.rules.wording import text_of

_HIGH_ANSWERS = ("BLOCK", "MFA_REQUIRED")
_MEDIUM_ANSWERS = (*_HIGH_ANSWERS, "MFA_IF_CONFIGURED")


def check(pool: UserPool) -> Iterator[Finding]:
    """A finding for each risk configuration that is too weak, or one note if there is none."""
    if not any(mode_state(mode) == "enforced" for (mode,) in by_default(pool, pool.mode)):
        return
    covered = False
    for configuration in pool.risk_configurations:
        covered = covered or _may_be_the_pools_own(pool, configuration)
        gaps = _gaps(pool, configuration)
        if gaps:
            message = f"{configuration.address} does not answer every risk: {'; '.join(gaps)}"
            yield RULE.finding(pool, message, help=_HELP, span=configuration.span)
    if not covered:
        message = "the pool has no risk configuration here: risky sign-ins are found, but may not be blocked"
        yield RULE.finding(pool, message, level="note", help=_HELP)


def _may_be_the_pools_own(pool: UserPool, configuration: RiskConfiguration) -> bool:
    found = by_default(pool, configuration.deployed, configuration.client)
    return any(
        deployed.content is not False and (client.content in (None, "ALL") or isinstance(client.content, Unknown))
        for deployed, client in found
    )


def _gaps(pool: UserPool, configuration: RiskConfiguration) -> list[str]:
    """What is sure to be unanswered where the configuration is deployed, in words; an unknown answer is no gap."""
    gaps: dict[str, None] = {}
    found = by_default(
        pool,
        pool.mode,
        configuration.deployed,
        configuration.compromised_credentials,
        configuration.events,
        configuration.high,
        configuration.medium,
    )
    for mode, deployed, credentials, events, high, medium in found:
        if deployed.content is False or mode_state(mode) != "enforced":
            continue
        if _lacks(credentials, ("BLOCK",)):
            gaps[f"compromised credentials are {_answer(credentials)}"] = None
        elif isinstance(events.content, str) and "SIGN_IN" not in events.content.split(","):
            gaps["compromised credentials are not looked for at sign-in"] = None
        if _lacks(high, _HIGH_ANSWERS):
            gaps[f"high risk is {_answer(high)}"] = None
        if _lacks(medium, _MEDIUM_ANSWERS):
            gaps[f"medium risk is {_answer(medium)}"] = None
    return list(gaps)


def _lacks(action: Value, answers: tuple[str, ...]) -> bool:
    if isinstance(action.content, Unknown):
        return all(answer in action.content.excluded for answer in answers)
    return action.content not in answers


def _answer(action: Value) -> str:
    return "not answered" if action.content is None else f"answered with {text_of(action)}"


_HELP = (
    "block compromised credentials, answer high risk with BLOCK or MFA_REQUIRED, medium with MFA_IF_CONFIGURED or more"
)

RULE = Rule(
    "COG005",
    "risk-response-missing",
    ("warning", "note"),
    "The mode is ENFORCED, but what threat protection finds is not answered",
    __name__,
    check,
)
