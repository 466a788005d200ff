"""COG003 plus-tier-missing

## What it finds
A user pool whose mode is ENFORCED but which is not on the Plus feature plan: a warning if the plan is written as LITE
or ESSENTIALS, a note if none is written (AWS then takes ESSENTIALS).

## Why it matters
For a new pool AWS refuses the deployment with `FeatureUnavailableInTierException`. Pools that are older than the
feature plans (November 2024) may keep threat protection on Lite, so that this is never an error.

## What to write
CloudFormation: `UserPoolTier: PLUS`. Terraform: `user_pool_tier = "PLUS"` (AWS provider 5.83.0 or newer).
AWS CDK: `featurePlan: FeaturePlan.PLUS`. Console: the user pool, Settings, Feature plan. The Plus plan costs extra for
each monthly active user; a pool that keeps threat protection from before the plans is
right as it is: check with `--ignore COG003`.

## Counterparts
cdk-nag AwsSolutions-COG8, which reads only the plan and not the mode.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.model import Finding, Unknown, UserPool, Value
from cognito_lint.rules.rule import Rule
from cognito_lint.rules.verdict import by_default, mode_state
from cognito_lint.rules.wording import text_of, words


def check(pool: UserPool) -> Iterator[Finding]:
    """One finding for a pool that enforces by default on a plan that is not Plus."""
    tiers = [tier for mode, tier in by_default(pool, pool.mode, pool.tier) if mode_state(mode) == "enforced"]
    lacking = [tier for tier in tiers if tier.content != "PLUS" and not isinstance(tier.content, Unknown)]
    if not lacking:
        return
    written = next((tier for tier in lacking if tier.content is not None), None)
    yield RULE.finding(
        pool,
        _message(written),
        level="note" if written is None else "warning",
        help=f"write {words(pool.kind).plus} (the Plus plan costs extra for each active user)",
        trace=written.trace if written else (),
    )


def _message(written: Value | None) -> str:
    plan = "no feature plan is written, so a new pool is on ESSENTIALS" if written is None else text_of(written)
    lead = plan if written is None else f"the feature plan is {plan}"
    return f"{lead}: AWS refuses ENFORCED there unless the pool is older than the feature plans"


RULE = Rule(
    "COG003",
    "plus-tier-missing",
    ("warning", "note"),
    "The mode is ENFORCED, but the pool is not on the Plus feature plan that it needs",
    __name__,
    check,
)
