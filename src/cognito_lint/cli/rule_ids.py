"""Rules as a person names them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cognito_lint.cli.shell import UsageError
from cognito_lint.rules import RULES


def rule_ids(given: Iterable[Iterable[str]] | None) -> frozenset[str]:
    """The ids of the rules that are named by id or name, however written. Raises UsageError with the nearest."""
    known = {rule.id: rule.id for rule in RULES} | {rule.name.upper(): rule.id for rule in RULES}
    asked = [name for names in given or () for name in names]
    for name in asked:
        if name.upper() not in known:
            digits = name.upper().removeprefix("COG")
            padded = f"COG{digits.lstrip('0').zfill(3)}"  # COG1 and COG01 mean COG001, though COG901 is as near
            near = [padded] if padded in known else get_close_matches(name.upper(), known, 1)
            hint = f"; did you mean {known[near[0]]}?" if near else "; `cognito-lint rules` lists them"
            raise UsageError(f"there is no rule {name}{hint}")
    return frozenset(known[name.upper()] for name in asked)
