"""COG901 module-not-available

## What it finds
A Terraform module call whose source is not on disk, if its name or its source
speaks of Cognito or user pools, or a pool's value depends on it. Other absent
modules are only counted in the summary.
For templates the same of a nested stack, of a module of CloudFormation's
registry, of included text, and of what a variable without a value stands for in
the Serverless Framework's `resources`.

## Why it matters
User pools that such a module declares are not seen and not judged.

## How to fix
Fetch the modules before the check, so that `.terraform/modules` holds them, or
check the plan, which has everything:

```console
terraform init -backend=false
cognito-lint check
terraform show -json plan.tfplan | cognito-lint check -
```

For templates, check the one that is deployed in the end: the output of
`serverless package`, `sam build` or `cdk synth`.

Reported while the module is not on disk:

```hcl
module "cognito" {
  source  = "lgallard/cognito-user-pool/aws"
  version = "~> 1.0"
}
```

## Counterparts
- Checkov's `--download-external-modules`
- Trivy's message about modules that it could not load
"""

from __future__ import annotations

from cognito_lint.model import Finding, MissingModule, Unit
from cognito_lint.rules.rule import Rule


def finding(module: MissingModule, unit: Unit) -> Finding:
    """The finding for a module call that concerns pools."""
    if unit.kind == "cloudformation":
        message = f'this part of the template is not at hand: "{module.source}"; what it declares is not checked'
        advice = "name a file of this repository, or check the template that is deployed in the end"
    else:
        message = f'the source of this module is not on disk: "{module.source}"; what it declares is not checked'
        advice = "run terraform init first, or check the plan's JSON"
    return Finding(RULE.id, RULE.name, "note", message, advice, module.address, unit.shown, module.span)


RULE = Rule(
    "COG901",
    "module-not-available",
    ("note",),
    "A module that may declare user pools is not on disk",
    __name__,
)
