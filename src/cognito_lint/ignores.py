"""What `cognito-lint: ignore[COG001] the reason` says: part of the stage "read", the same for every language.

Whoever finds comments and metadata gives their text here; which rules there are, and what is covered, is asked later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from cognito_lint.dates import day
from cognito_lint.model import Ignore, Span

NEEDLES = (b"cognito-lint", b"cognito_lint", b"cognitolint", b"Cognito-lint", b"Cognito-Lint", b"COGNITO-LINT")
"""What the bytes of a file hold if anyone speaks to us in it: the cheap test before comments are looked for."""

SECTION = "cognito-lint"
DEPTH = 3
"""The key of our section in metadata, and how deep it goes."""

_MEANT = re.compile(
    r"cognito[-_]?lint\b[\s:=]*\b(?:ignored?|disabled?|suppress(?:ed)?|skip(?:ped)?|allow(?:ed)?|noqa|nolint|off)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"cognito-lint:\s*ignore\[")
_MARKER = re.compile(r"cognito-lint:[ \t]*ignore[ \t]*\[([^\[\]]*)\]", re.IGNORECASE)
_UNTIL = re.compile(r"until\s*(?:[=:]\s*([^\s,;]*)|(\d[^\s,;]*))", re.IGNORECASE)
_SEPARATORS = " \t,;:–—-"
_MOST = 500


def parse(text: str, span: Span, line: int | None = None) -> Ignore | None:
    """What one line of a comment says; None if it is not meant for us. What is written wrong has a `fault`.

    `text` is the line without the comment's own signs, `line` the line of the file that a comment covers.
    """
    text = text.strip()
    written = Ignore((), span=span, by="comment", line=line)
    if _MEANT.match(text) is None:
        inside = _INSIDE.search(text)
        return replace(written, fault="a suppression stands at the start of its comment") if inside else None
    marker = _MARKER.match(text)
    if marker is None:
        return replace(written, fault="this is no suppression, though it looks like one")
    if _INSIDE.search(text, marker.end()):
        return replace(written, fault="a comment holds one suppression on a line")
    dates = [_written_day(found) for found in _UNTIL.finditer(marker[1])]
    rules = tuple(re.split(r"[\s,;]+", _UNTIL.sub(" ", marker[1]).strip(" \t,;")))
    rest = text[marker.end() :].strip(_SEPARATORS)
    after = _UNTIL.match(rest)
    if after is not None:
        dates.append(_written_day(after))
        rest = rest[after.end() :]
    return finished(replace(written, rules=tuple(filter(None, rules))), rest.strip(_SEPARATORS), dates)


def _written_day(found: re.Match[str]) -> str:
    return (found[1] or found[2] or "").rstrip(":.")


def finished(ignore: Ignore, reason: str, dates: Iterable[str] = ()) -> Ignore:
    """The wish with its reason and its last day, `dates` as they are written; what is wrong with them is its fault."""
    reason = " ".join("".join(sign if sign.isprintable() else " " for sign in reason[:_MOST]).split())
    until: date | None = None
    given = list(dates)
    fault = ignore.fault or ("until is written more than once" if len(given) > 1 else "")
    for written in given[:1]:
        until = day(written)
        if until is None:
            fault = fault or f"{shown(written) or 'what follows until'} is no date (write until=YYYY-MM-DD)"
    return replace(ignore, reason=reason, until=until, fault=fault)


def of_section(section: object, place: Callable[..., Span]) -> Iterator[Ignore]:
    """What the key `cognito-lint` of a metadata mapping says: `{ignore: {COG001: the reason}}`, where a mapping of
    `reason` and `until` may stand for the reason. `place` gives the span of the key that is reached by other keys."""
    wrong = Ignore((), span=place(), by="metadata")
    if not isinstance(section, Mapping) or not section:
        yield replace(wrong, fault="what stands below cognito-lint is no mapping with the key ignore")
        return
    for key, rules in section.items():
        if key != "ignore":
            yield replace(wrong, span=place(key), fault=f"the key {shown(key)} means nothing below cognito-lint")
        elif not isinstance(rules, Mapping) or not rules:
            yield replace(wrong, span=place(key), fault="what stands below ignore is no mapping of rules to reasons")
        else:
            for rule, wish in rules.items():
                yield _of_rule(Ignore((rule,), span=place(key, rule), by="metadata"), wish)


def _of_rule(written: Ignore, wish: object) -> Ignore:
    if not isinstance(wish, Mapping):
        return finished(written, wish if isinstance(wish, str) else "")
    strange = next((key for key in wish if key not in ("reason", "until")), None)
    if strange is not None:
        return replace(written, fault=f"the key {shown(strange)} means nothing beside reason and until")
    reason = wish.get("reason")
    return finished(written, reason if isinstance(reason, str) else "", [str(wish["until"])] if "until" in wish else [])


def shown(word: str) -> str:
    """A word of a file as a message quotes it."""
    return "".join(sign if sign.isprintable() else "?" for sign in word[:40])
