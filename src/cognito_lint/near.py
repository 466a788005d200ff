"""The word that was most likely meant, for messages about one that means nothing."""

from __future__ import annotations

from collections.abc import Iterable


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to put behind such a message: `; did you mean check?`, or `otherwise` where no known word is near."""
    near = _nearest(word, known)
    return f"; did you mean {near}?" if near else otherwise


def aside(word: str, known: Iterable[str]) -> str:
    """The same within a sentence: ` (did you mean check?)`, or nothing."""
    near = _nearest(word, known)
    return f" (did you mean {near}?)" if near else ""


def _nearest(word: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # slow to import, and seldom needed

    return next(iter(get_close_matches(word, list(known), 1)), None)
