"""Judging: one file per rule, named for the bad pattern. Pure functions over the model, standard library only."""

from __future__ import annotations

from cognito_lint.rules import (
    module_not_available,
    threat_protection_not_enforced,
    threat_protection_unproven,
    unreadable_input,
)
from cognito_lint.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    threat_protection_not_enforced.RULE,
    threat_protection_unproven.RULE,
    unreadable_input.RULE,
    module_not_available.RULE,
)
