"""COG091 unused-suppression

## What it finds
A suppression that suppresses nothing any more: what it names is not found where
it stands, or its last day (`until=`) is over. It is said only where nothing else
could need it: what it covers was evaluated in every template and root module
that reads its file, and no values were given by hand, since another deployment
may need what this one does not.

## Why it matters
A suppression that outlives its finding waits for the next one: whoever lowers
the mode again hears nothing.

## How to fix
Remove it, or move it to where the finding is reported: the resource's first
line, the line above that, or the line at fault. If the day is over, mend the
finding or decide again.

Reported:

```hcl
# cognito-lint: ignore[COG001] users sign in with the company's account alone
resource "aws_cognito_user_pool" "customers" {
  name           = "customers"
  user_pool_tier = "PLUS"

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

## Counterparts
- ruff RUF100

## How to suppress
This rule can't be suppressed: remove the suppression, or leave the rule out with
`--ignore COG091`.
"""

from __future__ import annotations

from cognito_lint.model import Finding, Ignore
from cognito_lint.rules.rule import Rule


def idle(ignore: Ignore, rules: tuple[str, ...], unit: str) -> Finding:
    """The finding for a suppression whose `rules` are not found where it stands."""
    names = f"{' and '.join(rules)} {'is' if len(rules) == 1 else 'are'}"
    help_text = _PLACES if ignore.by == "comment" else "remove it"
    return _finding(ignore, f"this suppression is not needed: {names} not found here", help_text, unit)


def expired(ignore: Ignore, unit: str) -> Finding:
    """The finding for a suppression whose last day is over."""
    message = f"this suppression of {' and '.join(ignore.rules)} expired after {ignore.until}: it counts no longer"
    return _finding(ignore, message, "mend what it suppressed and remove it, or decide on a new date", unit)


def _finding(ignore: Ignore, message: str, help_text: str, unit: str) -> Finding:
    return Finding(RULE.id, RULE.name, "warning", message, help_text, None, unit, ignore.span)


_PLACES = (
    "remove it, or move it to the resource's or module call's first line, the line above that, or the line at fault"
)
RULE = Rule(
    "COG091",
    "unused-suppression",
    ("warning",),
    "A suppression suppresses nothing, or its last day is over",
    __name__,
    suppressible=False,
)
