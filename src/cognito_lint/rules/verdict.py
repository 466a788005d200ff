"""The verdict of a pool, drawn from its worlds; every rule about the mode stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from cognito_lint.model import ABSENT, ENFORCED, NO, YES, Unknown, UserPool, Value, Verdict
from cognito_lint.spaces import World, worlds
from cognito_lint.worlds import Choice, Split, TooManyWorldsError, lift

State: TypeAlias = Literal["enforced", "unprotected", "unknown", "not-deployed"]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one world makes of a pool: whether it is deployed at all, and its mode if so."""

    deployed: Value
    mode: Value

    @property
    def state(self) -> State:
        """What this world means for whoever signs in there."""
        if self.deployed.content is False:
            return "not-deployed"
        return mode_state(self.mode)


def mode_state(mode: Value) -> State:
    """What a mode means for a pool that is deployed."""
    if isinstance(mode.content, Unknown):
        return "unprotected" if ENFORCED in mode.content.excluded else "unknown"
    return "enforced" if mode.content == ENFORCED else "unprotected"


def deployments(pool: UserPool) -> tuple[World[Deployment], ...]:
    """Every world of the pool. Past a bound, or if no deployment is possible, there is one of unknown mode."""
    found = _listed(pool)
    return _undecided(found) if isinstance(found, str) else found


def _listed(pool: UserPool) -> tuple[World[Deployment], ...] | str:
    """Every world of the pool, or the reason why there is none to list. The latest answer is kept."""
    for known, found in _latest:
        if known is pool:
            return found
    answer = _list(pool)
    _latest[:] = [(pool, answer)]
    return answer


_latest: list[tuple[UserPool, tuple[World[Deployment], ...] | str]] = []  # every rule asks about one pool in turn


def _list(pool: UserPool) -> tuple[World[Deployment], ...] | str:
    try:
        found = worlds(lift(_deployment, pool.deployed, pool.mode), pool.space)
    except TooManyWorldsError as error:
        return str(error)
    return found or "no choice of values meets the rules that the files set"


def _undecided(reason: str) -> tuple[World[Deployment], ...]:
    return (World(Deployment(YES, Value(Unknown(reason))), (), True),)


def _deployment(deployed: Value, mode: Value) -> Deployment:
    return Deployment(NO, ABSENT) if deployed.content is False else Deployment(deployed, mode)


def default_worlds(found: tuple[World[Deployment], ...]) -> tuple[World[Deployment], ...]:
    """The worlds that the files' own defaults choose; all of them where no default chooses."""
    return tuple(world for world in found if world.default) or found


def by_default(pool: UserPool, *properties: Choice[Value]) -> tuple[tuple[Value, ...], ...]:
    """What the properties hold together, wherever the pool is deployed with the files' own defaults.

    Empty where there are too many worlds to tell: the rules that ask are advice beside COG001 and COG002.
    """
    mode, *others = properties or (None,)
    plain = [other for other in others if not isinstance(other, Split)]
    if mode is pool.mode and len(plain) == len(others):
        listed = _listed(pool)  # the worlds of the mode alone are at hand
        if not isinstance(listed, str):
            there = (world.value for world in default_worlds(listed) if world.value.state != "not-deployed")
            return tuple((each.mode, *plain) for each in there)
    try:
        joint = lift(lambda *values: values, pool.deployed, *properties)
        found = worlds(joint, pool.space, default_only=True) or worlds(joint, pool.space)
    except TooManyWorldsError:
        return ()
    return tuple(world.value[1:] for world in found if world.value[0].content is not False)


def verdict(pool: UserPool) -> Verdict:
    """The one word for a pool: what its worlds, and among them those of the defaults, come to."""
    return verdict_of(deployments(pool))


def verdict_of(found: tuple[World[Deployment], ...]) -> Verdict:
    """`verdict` for worlds that are at hand already."""
    default = _deployed_states(default_worlds(found))
    if not default:
        return "not-deployed"
    every = _deployed_states(found)
    if every == {"enforced"}:
        return "enforced"
    if default == {"enforced"}:
        return "conditional"
    if default == {"unprotected"}:
        return "not-enforced"
    return "unproven"


def _deployed_states(found: tuple[World[Deployment], ...]) -> set[State]:
    return {world.value.state for world in found} - {"not-deployed"}
