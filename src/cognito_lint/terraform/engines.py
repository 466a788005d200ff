"""Two evaluations of one root made one: Terraform and OpenTofu read other files, and nothing says which it will be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from cognito_lint import worlds
from cognito_lint.model import NO, YES, Problem, RiskConfiguration, Unit, Unknown, UserPool, Value
from cognito_lint.spaces import Space
from cognito_lint.worlds import Choice, TooManyWorldsError

_ENGINE = worlds.boolean("engine", "the engine is OpenTofu")
_Choose: TypeAlias = "Callable[[Choice[Any], Choice[Any]], Choice[Any]]"


def joined(terraform: Unit, tofu: Unit) -> Unit:
    """What either engine would deploy: one more open question."""
    ours = {pool.address: pool for pool in terraform.pools}
    theirs = {pool.address: pool for pool in tofu.pools}
    pools = tuple(_either(ours.get(address), theirs.get(address)) for address in dict.fromkeys((*ours, *theirs)))
    problems: tuple[Problem, ...] = tuple(dict.fromkeys((*terraform.problems, *tofu.problems)))
    missing = {module.address: module for module in (*tofu.missing_modules, *terraform.missing_modules)}
    return replace(
        terraform,
        pools=pools,
        problems=problems,
        missing_modules=tuple(missing.values()),
        files=terraform.files | tofu.files,
    )


def _either(terraform: UserPool | None, tofu: UserPool | None) -> UserPool:
    ours = terraform or replace(_there(tofu), deployed=NO)
    theirs = tofu or replace(_there(terraform), deployed=NO)
    is_tofu = worlds.holds(_ENGINE, "true")

    def choose(one: Choice[Any], other: Choice[Any]) -> Choice[Any]:
        return worlds.choose(is_tofu, lambda: other, lambda: one)

    try:
        return replace(
            ours,
            mode=choose(ours.mode, theirs.mode),
            deployed=choose(ours.deployed, theirs.deployed),
            tier=choose(ours.tier, theirs.tier),
            custom_auth_mode=choose(ours.custom_auth_mode, theirs.custom_auth_mode),
            custom_auth_triggers=choose(ours.custom_auth_triggers, theirs.custom_auth_triggers),
            risk_configurations=tuple(_risks(ours.risk_configurations, theirs.risk_configurations, choose)),
            ignored_changes=ours.ignored_changes or theirs.ignored_changes,
            space=Space(
                {}, choose(ours.space.rule, theirs.space.rule), {**ours.space.defaults, **theirs.space.defaults}
            ),
        )
    except TooManyWorldsError as error:
        reason = f"Terraform and OpenTofu read different files here, and {error}"
        return replace(ours, mode=Value(Unknown(reason)), deployed=YES)


def _there(pool: UserPool | None) -> UserPool:
    if pool is None:
        raise ValueError("one of the two engines has the pool")
    return pool


def _risks(
    ours: tuple[RiskConfiguration, ...], theirs: tuple[RiskConfiguration, ...], choose: _Choose
) -> Iterator[RiskConfiguration]:
    """Those of both, and each of the others where its engine is the one."""
    for risk in ours:
        yield risk if risk in theirs else replace(risk, deployed=choose(risk.deployed, NO))
    for risk in theirs:
        if risk not in ours:
            yield replace(risk, deployed=choose(NO, risk.deployed))
