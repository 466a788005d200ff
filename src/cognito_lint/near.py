"""The word that was most likely meant, for messages about one that means nothing."""

from __future__ import annotations

from collections.abc import Iterable


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to put behind such a message: `; did you mean check?`, or `otherwise` where no known word is near."""
    from difflib import get_close_matches  # slow to import, and seldom needed

    near = get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]}?" if near else otherwise
