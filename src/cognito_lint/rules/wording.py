"""The words that rules share: how each kind of input names the properties, and what to write there."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_lint.model import Kind, Unknown, Value


@dataclass(frozen=True, slots=True)
class Words:
    """What the pool's own language calls the add-ons block, the mode and the tier, and how to enforce."""

    block: str
    mode: str
    tier: str
    enforce: str
    plus: str


_CLOUDFORMATION = Words(
    block="UserPoolAddOns",
    mode="AdvancedSecurityMode",
    tier="UserPoolTier",
    enforce="write UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}",
    plus="UserPoolTier: PLUS",
)
_TERRAFORM = Words(
    block="user_pool_add_ons",
    mode="advanced_security_mode",
    tier="user_pool_tier",
    enforce='write user_pool_add_ons { advanced_security_mode = "ENFORCED" }',
    plus='user_pool_tier = "PLUS"',
)


def words(kind: Kind) -> Words:
    """The words of the language that a pool of this kind is written in."""
    return _TERRAFORM if kind.startswith("terraform") else _CLOUDFORMATION


def text_of(value: Value) -> str:
    """A known scalar as the file would spell it."""
    content = value.content
    if isinstance(content, bool):
        return "true" if content else "false"
    return "an unknown value" if isinstance(content, Unknown) else str(content)


def list_worlds(descriptions: list[tuple[str, ...]], most: int = 6) -> tuple[str, ...]:
    """Worlds as a person reads them, each once and in order: the assumptions of one are joined by "and"."""
    texts = list(dict.fromkeys(" and ".join(when) for when in descriptions if when))
    if len(texts) > most:
        texts = [*texts[:most], f"{len(texts) - most} more combinations"]
    return tuple(texts)


def any_of(modes: list[str], most: int = 3) -> str:
    """What may be wrong with a mode as one sentence, each thing once."""
    texts = list(dict.fromkeys(modes))
    if len(texts) > most:
        texts = [*texts[:most], f"one of {len(texts) - most} other modes"]
    return "; or ".join(texts)
