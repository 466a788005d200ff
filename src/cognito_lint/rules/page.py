"""The page of a rule: its module's docstring, and how to suppress it, which is the same for nearly every rule."""

from __future__ import annotations

import inspect

SECTIONS = ("What it finds", "Why it matters", "How to fix", "Counterparts", "How to suppress")
"""The sections of every page, in order. What a rule about pools fixes has a part for each of FIXES."""

FIXES = ("CloudFormation", "Terraform", "AWS CDK", "Console", "AWS CLI")

_SUPPRESS = """\
## How to suppress
A suppression needs a reason, and is reported itself once nothing needs it. In
Terraform and YAML it is a comment on the resource's first line, on the line
above that, or on the line at fault:

```text
# cognito-lint: ignore[{rule}] only federated users sign in here
```

With a last day it begins `cognito-lint: ignore[{rule} until=2027-03-31]`.

In a template, JSON or YAML, it can stand in the resource's metadata:

```yaml
Metadata:
  cognito-lint:
    ignore:
      {rule}: only federated users sign in here
```

What has no comments, such as a plan, is suppressed by address or path in the
settings."""


def page(rule: str, docstring: str | None, *, suppressible: bool) -> str:
    """The page as Markdown: the docstring of the rule's module with its last section, which a rule that can't be
    suppressed writes itself."""
    text = inspect.cleandoc(docstring or "")
    return f"{text}\n\n{_SUPPRESS.format(rule=rule)}" if suppressible else text
