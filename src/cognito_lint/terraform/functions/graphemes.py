"""User-perceived characters, which Terraform counts strings in (https://unicode.org/reports/tr29/)."""

from __future__ import annotations

import unicodedata

_REGIONAL = range(0x1F1E6, 0x1F200)
_MODIFIERS = range(0x1F3FB, 0x1F400)
_ZERO_WIDTH_JOINER = "\u200d"


def grapheme_count(text: str) -> int:
    """How many characters a reader sees."""
    return len(text) if text.isascii() and "\r" not in text else len(graphemes(text))


def graphemes(text: str) -> list[str]:
    """The text cut into user-perceived characters."""
    if text.isascii() and "\r" not in text:
        return list(text)
    clusters: list[str] = []
    for character in text:
        if clusters and _joins(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _joins(cluster: str, character: str) -> bool:
    last = cluster[-1]
    if last == "\r":
        return character == "\n"
    if unicodedata.category(last) in {"Cc", "Zl", "Zp"} or unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
        return False
    if _extends(character):
        return True
    if last == _ZERO_WIDTH_JOINER:
        return _is_pictograph(cluster[0]) and _is_pictograph(character)
    if ord(last) in _REGIONAL and ord(character) in _REGIONAL:
        return len(cluster) % 2 == 1
    return _joins_hangul(last, character)


def _extends(character: str) -> bool:
    if character in {_ZERO_WIDTH_JOINER, "\u200c"} or ord(character) in _MODIFIERS:
        return True
    return unicodedata.category(character) in {"Mn", "Me", "Mc"} or 0xFE00 <= ord(character) <= 0xFE0F


def _is_pictograph(character: str) -> bool:
    point = ord(character)
    return 0x1F300 <= point <= 0x1FAFF or 0x2190 <= point <= 0x2BFF or point in {0xA9, 0xAE, 0x203C, 0x2049, 0x3030}


def _joins_hangul(last: str, character: str) -> bool:
    one, other = _hangul(ord(last)), _hangul(ord(character))
    return (one == "L" and other in {"L", "V", "LV", "LVT"}) or (
        (one in {"LV", "V"} and other in {"V", "T"}) or (one in {"LVT", "T"} and other == "T")
    )


def _hangul(point: int) -> str:
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return "L"
    if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return "V"
    if 0x11A8 <= point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return "T"
    if 0xAC00 <= point <= 0xD7A3:
        return "LV" if (point - 0xAC00) % 28 == 0 else "LVT"
    return ""
