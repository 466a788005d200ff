"""COG006 add-ons-ignored

## What it finds
A Terraform user pool whose `lifecycle.ignore_changes` covers the add-ons, or
everything (`all`).

## Why it matters
Terraform then never applies what the code says of threat protection to a pool
that exists: the code says ENFORCED, review and scan believe it, and the pool
stays as somebody left it.

## How to fix
Take `user_pool_add_ons` out of `ignore_changes`, and name the arguments that are
meant instead of `all`. The next plan shows what the pool really has.

### CloudFormation
A template has no such setting: every update applies what it says.

### Terraform
Reported:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }

  lifecycle {
    ignore_changes = [user_pool_add_ons, tags]
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

  lifecycle {
    ignore_changes = [tags]
  }
}
```

### AWS CDK
As in CloudFormation, there is no such setting. In CDK for Terraform it is
`lifecycle.ignoreChanges`.

### Console
Look under Threat protection what the pool has: the code does not tell.

### AWS CLI
What the pool has is told by AWS alone:

```console
aws cognito-idp describe-user-pool --user-pool-id POOL > pool.json
cognito-lint check pool.json
```

## Counterparts
None known.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, UserPool
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import by_default


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a deployed pool whose add-ons Terraform is told to leave alone."""
    if pool.ignored_changes and by_default(pool):
        message = "ignore_changes covers the add-ons: what the code says of them is never applied to an existing pool"
        yield RULE.finding(
            pool, message, help="take user_pool_add_ons out of ignore_changes", span=pool.ignored_changes
        )


RULE = Rule(
    "COG006",
    "add-ons-ignored",
    ("warning",),
    "Terraform is told to leave an existing pool's add-ons alone",
    __name__,
    check,
)
