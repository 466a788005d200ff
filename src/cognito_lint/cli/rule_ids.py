"""Rules as a person names them on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from cognito_lint.cli.shell import UsageError
from cognito_lint.rules.names import advice, rule_id


def rule_ids(given: Iterable[str]) -> frozenset[str]:
    """The ids of the rules that are named by id or name, however written. Raises UsageError with the nearest."""
    found: set[str] = set()
    for name in given:
        known = rule_id(name)
        if known is None:
            raise UsageError(f"there is no rule {name}; {advice(name)}")
        found.add(known)
    return frozenset(found)
