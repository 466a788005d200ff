"""Text that is safe to show: what a file could smuggle into a terminal, a page or a log is spelled out instead.

Control characters, escape sequences, bidirectional overrides and invisible characters of file names, addresses and
source lines are shown as escapes (https://trojansource.codes says what they can hide).
"""

from __future__ import annotations

from cognito_lint.model import Finding

_SPELLED_OUT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, keep: str = "") -> str:
    """`text` without anything invisible that acts; the characters of `keep` are left as they are."""
    if text.isprintable():  # nothing of Unicode's categories "Other" and "Separator" but the blank
        return text
    return "".join(character if character in keep else _visible(character) for character in text)


def _visible(character: str) -> str:
    import unicodedata

    if unicodedata.category(character) not in _SPELLED_OUT and not _is_noncharacter(ord(character)):
        return character
    if character in _NAMES:
        return _NAMES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def encodable(text: str) -> str:
    """`text` without lone surrogates (bytes of a file name that are no UTF-8), which no UTF-8 output can hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def columns(text: str) -> int:
    """The columns that a visible text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def sentence(finding: Finding) -> str:
    """The message of a finding and the worlds that it holds in, on one line."""
    worlds = f" (when {'; '.join(finding.when)})" if finding.when else ""
    return visible(finding.message + worlds)


def plural(count: int, word: str) -> str:
    """`count` and its word: "1 file", "2 files", "2 entries"."""
    if count == 1:
        return f"1 {word}"
    return f"{count:,} {word[:-1]}ies" if word.endswith("ry") else f"{count:,} {word}s"
