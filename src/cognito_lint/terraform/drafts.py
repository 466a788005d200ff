"""A pool on its way out of the stage "resolve": drawn up where it is declared, finished where its worlds are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from cognito_lint import spaces, worlds
from cognito_lint.model import (
    ENFORCED,
    Unknown,
    UserPool,
    Value,
)
from cognito_lint.spaces import Requirement, Space
from cognito_lint.terraform.risks import Risk
from cognito_lint.worlds import Choice, Subject, TooManyWorldsError


@dataclass(frozen=True, slots=True)
class Draft:
    """A pool before its risk configurations and worlds are known.

    The pool's mode splits an unknown one into the modes that the provider accepts; `plain` keeps it unknown. `subjects`
    are the questions that were split so, by the reasons why nobody knows. `requirements` hold of this pool alone.
    """

    pool: UserPool
    plain: Choice[Value]
    subjects: Mapping[str, Subject]
    requirements: tuple[Requirement, ...]


def finished(
    draft: Draft,
    risks: list[Risk],
    space: Callable[[Iterable[Choice[object]], Iterable[Requirement]], Space],
) -> UserPool:
    """The pool with its risk configurations and its worlds."""
    joined = tuple(found for risk in risks for found in (risk.of(draft.pool.address),) if found is not None)
    pool = draft.pool
    choices: list[Choice[object]] = [pool.deployed, pool.mode, draft.plain, pool.tier, pool.custom_auth_mode]
    choices += [pool.custom_auth_triggers, *(choice for risk in joined for choice in risk.choices)]
    found = space(choices, draft.requirements)
    return replace(pool, risk_configurations=joined, mode=_told(pool, draft, found), space=found)


def _told(pool: UserPool, draft: Draft, space: Space) -> Choice[Value]:
    """The mode as a person wants to read it: an unknown that may or may not be ENFORCED stays one unknown, with its
    reason, instead of a list of the modes that there are."""
    try:
        pairs = spaces.worlds(worlds.lift(_Pair, pool.deployed, draft.plain, pool.mode), space)
    except TooManyWorldsError:
        return pool.mode
    answers: dict[Value, set[bool]] = {}
    for world in pairs:
        pair = world.value
        if isinstance(pair.plain.content, Unknown) and pair.deployed.content is not False:
            answers.setdefault(pair.plain, set()).add(pair.full.content == ENFORCED)
    mixed = {plain for plain, found in answers.items() if len(found) > 1}
    with_default = {subject.key for subject in space.defaults}
    kept = {
        plain
        for plain in mixed
        if isinstance(plain.content, Unknown)
        and draft.subjects.get(plain.content.reason, _NOBODY).key not in with_default
    }
    if not kept:
        return pool.mode
    try:
        return worlds.lift(lambda plain, full: plain if plain in kept else full, draft.plain, pool.mode)
    except TooManyWorldsError:
        return pool.mode


_NOBODY = Subject("", "")


@dataclass(frozen=True, slots=True)
class _Pair:
    deployed: Value
    plain: Value
    full: Value
