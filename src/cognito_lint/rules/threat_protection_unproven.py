"""COG002 threat-protection-unproven

## What it finds
A user pool whose files don't make sure that threat protection is ENFORCED:

- the mode comes from something that they don't decide: a variable without a
  value, a data source, `Fn::ImportValue`, a dynamic reference, a remote module;
- its possible values differ, and no default chooses among them;
- it is ENFORCED by default, but another of the `AllowedValues` or the other
  branch of a condition is not;
- the pool is not deployed by default, and unprotected where it is.

## Why it matters
Whoever sets that parameter, variable or workspace differently deploys a login
page that lets stolen passwords in, and no review of these files would show it.

## How to fix
Write ENFORCED as a literal where it can be one. Where the value has to come
from outside, leave it no other choice: `AllowedValues` of a parameter, a
`validation` of a variable, a `precondition` of the pool. For one deployment, say
what is deployed: `--parameter`, `--var`, `--var-file`. Where the region decides, that
is `--parameter AWS::Region=eu-west-1`. A plan decides what the files alone
can't.

### CloudFormation
Reported:

```yaml
Parameters:
  Mode:
    Type: String
    AllowedValues: [AUDIT, ENFORCED]
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns:
        AdvancedSecurityMode: !Ref Mode
```

Not reported:

```yaml
Parameters:
  Mode:
    Type: String
    AllowedValues: [ENFORCED]
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns:
        AdvancedSecurityMode: !Ref Mode
```

### Terraform
Reported:

```hcl
variable "mode" {
  type = string
}

resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
```

Not reported:

```hcl
variable "mode" {
  type = string

  validation {
    condition     = var.mode == "ENFORCED"
    error_message = "Threat protection is enforced everywhere."
  }
}

resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = var.mode
  }
}
```

For the module as one environment deploys it, or as its plan has it:

```console
cognito-lint check infra --var-file infra/prod.tfvars
terraform show -json plan.tfplan | cognito-lint check -
```

### AWS CDK
Choose the mode in the app's own code and not with a `CfnParameter`: the
synthesized template then holds the literal. `cdk.out` is read like any other
directory of templates.

### Console
A pool that is deployed has one mode, which is shown under Threat protection.

### AWS CLI
What a deployed pool has can be checked too:

```console
aws cognito-idp describe-user-pool --user-pool-id POOL > pool.json
cognito-lint check pool.json
```

## Counterparts
None. Other tools report such a pool as failing or as passing, or say nothing
of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, Unknown, UserPool
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.threat_protection_not_enforced import describe
from cognito_lint.rules.verdict import Deployment, deployments, verdict_of
from cognito_lint.rules.wording import any_of, list_worlds, words
from cognito_lint.spaces import World


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that is conditional or unproven, or unprotected where it is not deployed by default."""
    found = deployments(pool)
    verdict = verdict_of(found)
    doubtful = [world for world in found if world.value.state in ("unprotected", "unknown")]
    if verdict in ("enforced", "not-enforced") or not doubtful:
        return
    told = sorted(doubtful, key=_is_unknown)
    yield RULE.finding(
        pool,
        _LEADS[verdict] + any_of([_because(pool, world) for world in told]),
        help=f"{words(pool.kind).enforce} where it can be literal, or leave the value no other choice",
        when=list_worlds([doubt.when for doubt in doubtful]),
        trace=told[0].value.mode.trace,
    )


_LEADS = {
    "unproven": "it is not proven that the mode is ENFORCED: ",
    "conditional": "the mode is ENFORCED by default only: ",
    "not-deployed": "the pool is not deployed by default, and where it is: ",
}


def _is_unknown(world: World[Deployment]) -> bool:
    """A world that is sure not to enforce says more than one that is unknown: it comes first."""
    return world.value.state == "unknown"


def _because(pool: UserPool, world: World[Deployment]) -> str:
    mode = world.value.mode
    if isinstance(mode.content, Unknown) and world.value.state == "unknown":
        return mode.content.reason
    return describe(pool, mode)


RULE = Rule(
    "COG002",
    "threat-protection-unproven",
    ("warning",),
    "The files do not make sure that threat protection is enforced",
    __name__,
    check,
)
