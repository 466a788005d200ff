"""COG902 duplicate-key

## What it finds
A key that is written twice in the same mapping of a template, if a user pool
stands below it, inside it, or takes its mode from it. The last one counts.

## Why it matters
Whoever reads the file sees the first one: a pool that is never deployed, or a
mode that is never set.

## How to fix
Keep one of the two.

Reported:

```yaml
Resources:
  Customers:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns:
        AdvancedSecurityMode: ENFORCED
        AdvancedSecurityMode: OFF
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

## Counterparts
- cfn-lint E0000 (duplicate found)
"""

from __future__ import annotations

from cognito_lint.model import Finding, Problem, Unit
from cognito_lint.rules.rule import Rule


def finding(note: Problem, unit: Unit) -> Finding:
    """The finding for a key that does not count."""
    return Finding(RULE.id, RULE.name, "note", note.message, note.help, None, unit.shown, note.span)


RULE = Rule(
    "COG902",
    "duplicate-key",
    ("note",),
    "A key at or around a user pool is written twice, and only the last one counts",
    __name__,
)
