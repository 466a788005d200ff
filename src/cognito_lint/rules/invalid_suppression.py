"""COG092 invalid-suppression

## What it finds
A suppression without a reason, with a rule that does not exist or cannot be
suppressed, or with a date that is none; and a comment that was meant as one and
is written otherwise. It suppresses nothing.

## Why it matters
Whoever wrote it believes that the finding is dealt with. A reason is what the
next reader needs to judge whether it still holds.

## How to fix
Write the rule's id in brackets and the reason after them, and a last day if
there is one: `# cognito-lint: ignore[COG001 until=2027-03-31] the reason`.

Reported:

```hcl
# cognito-lint: ignore[COG003]
resource "aws_cognito_user_pool" "customers" {
  name = "customers"

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}
```

Not reported:

```hcl
# cognito-lint: ignore[COG003] this pool is older than the feature plans
resource "aws_cognito_user_pool" "customers" {
  name = "customers"

  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}
```

## Counterparts
- cdk-nag (a suppression needs a reason)

## How to suppress
This rule can't be suppressed: mend the suppression, or leave the rule out with
`--ignore COG092`.
"""

from __future__ import annotations

from cognito_lint.model import Finding, Ignore
from cognito_lint.rules.rule import Rule


def finding(ignore: Ignore, fault: str, unit: str) -> Finding:
    """The finding for a suppression that does not count, and why."""
    message = f"{fault}; it suppresses nothing"
    return Finding(RULE.id, RULE.name, "warning", message, _ADVICE[ignore.by], None, unit, ignore.span)


_ADVICE = {
    "comment": "write cognito-lint: ignore[COG001] the reason",
    "metadata": "write cognito-lint: {ignore: {COG001: the reason}}",
    "settings": 'write rules = ["COG001"] and reason = "the reason"',
}
RULE = Rule(
    "COG092",
    "invalid-suppression",
    ("warning",),
    "A suppression lacks its reason, or names no rule that can be suppressed",
    __name__,
    suppressible=False,
)
