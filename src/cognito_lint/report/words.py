"""A judged pool in a person's words, for the formats that list pools."""

from __future__ import annotations

from cognito_lint.model import Unknown, Value
from cognito_lint.report.report import JudgedPool
from cognito_lint.rules.verdict import default_worlds
from cognito_lint.rules.wording import text_of


def mode_of(judged: JudgedPool) -> str:
    """The mode or modes of the default world, or of every world where no default chooses."""
    deployed = [world.value.mode for world in default_worlds(judged.worlds) if world.value.state != "not-deployed"]
    return " or ".join(dict.fromkeys(mode_text(mode) for mode in deployed)) or "not deployed"


def mode_text(mode: Value) -> str:
    """One mode: its literal, "missing" or "unknown"."""
    if isinstance(mode.content, Unknown):
        return "unknown"
    return "missing" if mode.content is None else text_of(mode)
