"""Judging: one file per rule, named for the bad pattern. Pure functions over the model, standard library only."""

from __future__ import annotations

from cognito_lint.rules import (
    add_ons_ignored,
    custom_auth_not_enforced,
    duplicate_key,
    invalid_suppression,
    module_not_available,
    plus_tier_missing,
    risk_response_missing,
    threat_protection_not_enforced,
    threat_protection_unproven,
    unreadable_input,
    unused_suppression,
)
from cognito_lint.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    threat_protection_not_enforced.RULE,
    threat_protection_unproven.RULE,
    plus_tier_missing.RULE,
    custom_auth_not_enforced.RULE,
    risk_response_missing.RULE,
    add_ons_ignored.RULE,
    unused_suppression.RULE,
    invalid_suppression.RULE,
    unreadable_input.RULE,
    module_not_available.RULE,
    duplicate_key.RULE,
)
