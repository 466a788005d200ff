"""COG002 threat-protection-unproven

## What it finds
A user pool whose files don't make sure that threat protection is ENFORCED: the mode comes from something that they
don't decide (a variable without a value, a data source, `Fn::ImportValue`, a dynamic reference, a remote module); or
their possible values differ and no default chooses; or the default enforces and a declared alternative does not; or
the pool is not deployed by default and unprotected where it is.

## Why it matters
Whoever sets that parameter, variable or workspace differently deploys an unprotected login page, and no review of
these files would show it.

## What to write
Write the literal ENFORCED where it can be literal. Where a value must come from outside, leave it no other choice:
`AllowedValues: [ENFORCED]` in CloudFormation, a `validation` block that accepts only "ENFORCED" in Terraform. For one
deployment, give the values: `--parameter Mode=ENFORCED`, `--var mode=ENFORCED`, `--var-file prod.tfvars`.
A plan (`terraform show -json`) decides what the files alone can't.

## Counterparts
None: other tools report such a pool as failing, as passing, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, Unknown, UserPool
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.threat_protection_not_enforced import describe
from cognito_lint.rules.verdict import Deployment, deployments, verdict_of
from cognito_lint.rules.wording import list_worlds, words
from cognito_lint.worlds import World


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that is conditional or unproven, or unprotected where it is not deployed by default."""
    found = deployments(pool)
    verdict = verdict_of(found)
    doubtful = [world for world in found if world.value.state in ("unprotected", "unknown")]
    if verdict in ("enforced", "not-enforced") or not doubtful:
        return
    world = _most_telling(doubtful)
    yield RULE.finding(
        pool,
        _LEADS[verdict] + _because(pool, world),
        help=f"{words(pool.kind).enforce} where it can be literal, or leave the value no other choice",
        when=list_worlds([doubt.when for doubt in doubtful]),
        trace=world.value.mode.trace,
    )


_LEADS = {
    "unproven": "it is not proven that the mode is ENFORCED: ",
    "conditional": "the mode is ENFORCED by default only: ",
    "not-deployed": "the pool is not deployed by default, and where it is: ",
}


def _most_telling(doubtful: list[World[Deployment]]) -> World[Deployment]:
    """A world that is sure not to enforce says more than one that is unknown."""
    return next((world for world in doubtful if world.value.state == "unprotected"), doubtful[0])


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
