"""Colours for a terminal: ANSI escapes, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_lint.model import Level

_CODES = {"error": "1;31", "warning": "1;33", "note": "1;36", "strong": "1", "faint": "34", "good": "32"}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text if `color` is on."""

    color: bool = False

    def paint(self, text: str, role: str) -> str:
        """`text` in the colour of `role`: a level, "strong", "faint" or "good"."""
        return f"\033[{_CODES[role]}m{text}\033[0m" if self.color else text

    def level(self, text: str, level: Level) -> str:
        """`text` in a level's colour."""
        return self.paint(text, level)
