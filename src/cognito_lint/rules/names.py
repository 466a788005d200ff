"""Rules as a person names them: by id or name, however written."""

from __future__ import annotations

from cognito_lint.rules import RULES

_KNOWN = {rule.id: rule.id for rule in RULES} | {rule.name.upper(): rule.id for rule in RULES}


def rule_id(name: str) -> str | None:
    """The id of the rule of that id or name, None if there is none."""
    return _KNOWN.get(name.upper())


def nearest(name: str) -> str | None:
    """The id that was most likely meant."""
    from difflib import get_close_matches

    digits = name.upper().removeprefix("COG")
    padded = f"COG{digits.lstrip('0').zfill(3)}"  # COG1 and COG01 mean COG001, though COG901 is as near
    near = [padded] if padded in _KNOWN else get_close_matches(name.upper(), _KNOWN, 1)
    return _KNOWN[near[0]] if near else None


def advice(name: str) -> str:
    """What to tell whoever wrote the name of no rule."""
    near = nearest(name)
    return f"did you mean {near}?" if near else "`cognito-lint rules` lists them"
