"""COG900 unreadable-input

## What it finds
A file that mentions a user pool, or any file of a Terraform root module that
has pools, which cannot be read or parsed, or which its own engine would refuse
in a way that leaves a pool's mode open.

## Why it matters
What could not be read was not checked, and a run that passes over it would look
like one without findings. So the exit code is 2, whatever `--fail-on` says.

## How to fix
Mend the file where the finding points. A file that is no infrastructure code can
be left out with `--exclude`.

Reported:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name = "customers"
```

Not reported by this rule:

```hcl
resource "aws_cognito_user_pool" "customers" {
  name = "customers"
}
```

## Counterparts
- cfn-lint E0000
- `terraform validate`

## How to suppress
This rule can't be suppressed: a file that was not read may hold any pool. Leave
the file out with `--exclude` if it does not matter.
"""

from __future__ import annotations

from cognito_lint.model import Finding, Problem, Unit
from cognito_lint.rules.rule import Rule


def finding(problem: Problem, unit: Unit) -> Finding:
    """The finding for a problem of a unit. It concerns a file, not a pool: its address is null."""
    return Finding(RULE.id, RULE.name, "error", problem.message, problem.help, None, unit.shown, problem.span)


RULE = Rule(
    "COG900",
    "unreadable-input",
    ("error",),
    "A file that could hold a user pool cannot be read or evaluated",
    __name__,
    suppressible=False,
)
