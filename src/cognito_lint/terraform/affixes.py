"""How a string that is not known begins and ends, as far as its template says: Terraform keeps the beginning of such a
string too, and decides by it what it is equal to and what it starts with.

https://github.com/zclconf/go-cty/blob/main/docs/refinements.md
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from cognito_lint.terraform.types import STRING
from cognito_lint.terraform.values import Affixes, Known, Plain, UnknownValue

_MAY_COMBINE = frozenset("<=>")  # with a combining character behind it, as letters do


def of_parts(parts: Sequence[Plain]) -> Affixes:
    """What is sure of the text that is made of `parts`, whatever those that are not known turn out to be."""
    beginning = "".join(_sure(parts, 0))
    ending = "".join(reversed(list(_sure(parts[::-1], 1))))
    while beginning and (not beginning[-1].isascii() or beginning[-1].isalpha() or beginning[-1] in _MAY_COMBINE):
        beginning = beginning[:-1]  # normal form C may make one character of it and of what follows
    while ending and not ending[0].isascii():
        ending = ending[1:]
    return beginning, ending


def _sure(parts: Sequence[Plain], side: int) -> list[str]:
    known = [
        str(part.data) for part in takewhile(lambda part: isinstance(part, Known), parts) if isinstance(part, Known)
    ]
    rest = parts[len(known) :]
    first = rest[0] if rest else None
    return [*known, first.affixes[side]] if isinstance(first, UnknownValue) else known


def exclude(unknown: UnknownValue, known: Known) -> bool:
    """Whether an unknown string cannot be this value."""
    if known.type != STRING or not isinstance(known.data, str):
        return False
    beginning, ending = unknown.affixes
    text = known.data
    return not (len(text) >= len(beginning) + len(ending) and text.startswith(beginning) and text.endswith(ending))


def starts_with(unknown: UnknownValue, prefix: str) -> bool | None:
    """Whether an unknown string starts with `prefix`; None if that is open."""
    return _agree(unknown.affixes[0], prefix)


def ends_with(unknown: UnknownValue, suffix: str) -> bool | None:
    """Whether an unknown string ends with `suffix`; None if that is open."""
    return _agree(unknown.affixes[1][::-1], suffix[::-1])


def _agree(sure: str, asked: str) -> bool | None:
    if sure.startswith(asked):
        return True
    return None if asked.startswith(sure) else False
