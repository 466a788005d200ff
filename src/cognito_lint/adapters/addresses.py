"""Terraform addresses as two programs print them: which of one's instances another means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Match: TypeAlias = Literal["same", "perhaps", "other instance", "other resource"]

_PART = re.compile(r'([^.\[\]]+)(?:\[("(?:[^"\\]|\\.)*"|[^\]]*)\])?(?:\.|$)')
ANY = "*"


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    key: str | None


def compare(theirs: str, ours: str) -> Match:
    """How an address that a host prints stands to one of ours.

    "perhaps": the resource is the same and an instance key is missing or unknown on one side, so that theirs may stand
    for ours. "other instance": the same resource, but both know the key and the keys differ.
    """
    if theirs == ours:
        return "same"
    return _compare(_parts(theirs), _parts(ours))


def compare_end(theirs: str, ours: str) -> Match:
    """The same of the end of our address: theirs begins at a module that they take for a root, ours at its callers."""
    left, right = _parts(theirs), _parts(ours)
    return _compare(left, right[-len(left) :])


def _compare(left: tuple[_Part, ...], right: tuple[_Part, ...]) -> Match:
    if not left or [part.name for part in left] != [part.name for part in right]:
        return "other resource"
    answer: Match = "same"
    for a, b in zip(left, right, strict=True):
        if a.key == b.key:
            continue
        if a.key is None or b.key is None or ANY in (a.key, b.key):
            answer = "perhaps"
        else:
            return "other instance"
    return answer


@lru_cache(maxsize=4096)
def _parts(address: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    end = 0
    for match in _PART.finditer(address):
        if match.start() != end:
            return ()
        end = match.end()
        parts.append(_Part(match[1], _key(match[2])))
    return tuple(parts) if end == len(address) else ()


def _key(text: str | None) -> str | None:
    """An instance key without its quotes: hosts differ in them."""
    if text is not None and text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    return text
