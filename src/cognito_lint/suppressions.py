"""Which findings are suppressed, and which suppressions are wrong or needless: pure data, after judging."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from cognito_lint.ignores import shown
from cognito_lint.model import Finding, Ignore, Span, Suppression, Unit, UserPool
from cognito_lint.rules import RULES, invalid_suppression, unused_suppression
from cognito_lint.rules.names import nearest, rule_id

_CROWDED = "several resources begin on the line of this comment, so it is open which one is meant"
_NEVER = frozenset(rule.id for rule in RULES if not rule.suppressible)


@dataclass(frozen=True, slots=True)
class Policy:
    """What suppresses in one run: entries of the settings, and comments and Metadata if `inline`. `today` is the day
    that the last days of suppressions are compared with; without one, all of them are over."""

    ignores: tuple[Ignore, ...] = ()
    inline: bool = True
    today: date = date.max


class Ledger:
    """The suppressions of one run, and what each of them has suppressed.

    `written` is all that was met in files and settings, by the unit that reports what is wrong with it.
    """

    def __init__(self, written: Mapping[Ignore, str], today: date) -> None:
        self._written = written
        self._today = today
        self._faults = {ignore: fault for ignore in written if (fault := fault_of(ignore))}
        self._rules = {
            ignore: frozenset(filter(None, map(rule_id, ignore.rules))) for ignore in written if self._counts(ignore)
        }
        self._used: set[tuple[Ignore, str]] = set()
        self._concerned: set[Ignore] = set()
        self._doubtful: set[Ignore] = set()
        self._by_line: dict[tuple[str, int], list[Ignore]] = {}
        self._globs: list[Ignore] = []
        for ignore in self._rules:
            if ignore.by == "settings":
                self._globs.append(ignore)
            elif ignore.line is not None:
                self._by_line.setdefault((ignore.span.file, ignore.line), []).append(ignore)

    def _counts(self, ignore: Ignore) -> bool:
        return ignore not in self._faults and not self._is_over(ignore)

    def _is_over(self, ignore: Ignore) -> bool:
        return ignore.until is not None and self._today > ignore.until

    def of(self, unit: Unit, found: Iterable[tuple[Finding, UserPool | None]]) -> Iterator[Finding]:
        """The findings of one unit, each with the pool that it is about; those that something covers suppressed."""
        if not self._rules:
            yield from (finding for finding, _ in found)
            return
        headers = Counter(map(_line, {span for pool in unit.pools for span in _headers(pool)}))
        for line, resources in headers.items():
            if resources > 1:
                self._faults |= dict.fromkeys(self._by_line.get(line, ()), _CROWDED)
        concerned = {ignore for ignore in self._rules if _concerns(ignore, unit)}
        self._concerned |= concerned
        self._doubtful |= {ignore for ignore in concerned if _may_hide_more(unit, ignore)}
        for finding, pool in found:
            covering = [
                ignore for ignore in self._candidates(finding, pool, unit, headers) if self._covers(ignore, finding)
            ]
            self._used.update((ignore, finding.rule) for ignore in covering)
            if covering:
                first = covering[0]
                finding = replace(finding, suppressed=Suppression(first.by, first.reason, first.span))
            yield finding

    def _covers(self, ignore: Ignore, finding: Finding) -> bool:
        return finding.rule in self._rules.get(ignore, ()) and ignore not in self._faults

    def _candidates(
        self, finding: Finding, pool: UserPool | None, unit: Unit, headers: Counter[tuple[str, int]]
    ) -> Iterator[Ignore]:
        """What covers the pool, then the line at fault, then the settings.

        What stands on a pool's header is about that pool, even if another one's value is decided on the same line.
        """
        for span in _headers(pool) if pool else ():
            yield from self._by_line.get(_line(span), ())
        yield from pool.ignores if pool else ()
        at_fault = _line(finding.span)
        if pool is None or at_fault not in headers:
            yield from self._by_line.get(at_fault, ())
        yield from (ignore for ignore in self._globs if _matches(ignore, finding, pool, unit))

    def complaints(self) -> Iterator[Finding]:
        """A finding for each suppression that is written wrong or whose last day is over."""
        for ignore, unit in self._written.items():
            if ignore in self._faults:
                yield invalid_suppression.finding(ignore, self._faults[ignore], unit)
            elif self._is_over(ignore):
                yield unused_suppression.expired(ignore, unit)

    def idle(self, asked: frozenset[str]) -> dict[Ignore, frozenset[str]]:
        """The suppressions that suppress nothing here, with the rules among those `asked` that were not found: as far
        as what they are about was evaluated, and nothing of it left out."""
        found = {}
        for ignore in self._concerned - self._doubtful - self._faults.keys():
            needless = frozenset(rule for rule in self._rules[ignore] & asked if (ignore, rule) not in self._used)
            if needless:
                found[ignore] = needless
        return found

    def needless(self, idle: Mapping[Ignore, frozenset[str]]) -> Iterator[Finding]:
        """A finding for each suppression that is known to be idle."""
        for ignore, rules in idle.items():
            yield unused_suppression.idle(ignore, tuple(sorted(rules)), self._written[ignore])


def fault_of(ignore: Ignore) -> str:
    """What is wrong with a suppression, "" if nothing is."""
    if ignore.fault:
        return ignore.fault
    if not ignore.rules:
        return "a suppression names its rules"
    for name in ignore.rules:
        known = rule_id(name)
        if known is None:
            near = nearest(name)
            return f"there is no rule {shown(name)}" + (f" (did you mean {near}?)" if near else "")
        if known in _NEVER:
            return f"{known} cannot be suppressed"
    return "" if re.search(r"\w", ignore.reason) else f"a suppression of {', '.join(ignore.rules)} needs a reason"


def _headers(pool: UserPool) -> tuple[Span, ...]:
    """The headers of the pool's resource and of the calls around it, the nearest first."""
    return (pool.span, *reversed(pool.callers))


def _line(span: Span) -> tuple[str, int]:
    return span.file, span.line


def _matches(ignore: Ignore, finding: Finding, pool: UserPool | None, unit: Unit) -> bool:
    if ignore.address is not None and not (finding.address and glob(ignore.address, finding.address)):
        return False
    return ignore.path is None or _at(ignore.path, unit.path, unit.shown, pool.span.file if pool else finding.span.file)


def _concerns(ignore: Ignore, unit: Unit) -> bool:
    """Whether the suppression stands in a file of this unit, or the settings speak of it: of a pool, or of the unit
    itself by its path."""
    if ignore.by != "settings":
        return ignore.span.file in unit.files
    if ignore.path is not None and _at(ignore.path, unit.path, unit.shown):
        return True
    return any(
        (ignore.address is None or glob(ignore.address, pool.address))
        and (ignore.path is None or _at(ignore.path, pool.span.file))
        for pool in unit.pools
    )


def _may_hide_more(unit: Unit, ignore: Ignore) -> bool:
    """Whether something that the suppression covers may lie in what could not be evaluated."""
    if unit.problems:
        return True
    return any(
        ignore.line is None or module.concerns_pools or (ignore.span.file, ignore.line) == _line(module.span)
        for module in unit.missing_modules
    )


def _at(pattern: str, *paths: str) -> bool:
    """Whether one of the paths, or a directory around it, matches."""
    wanted = pattern.removeprefix("./").rstrip("/") or "."
    return any(glob(wanted, part.as_posix()) for path in paths for part in (PurePosixPath(path), *_parents(path)))


def _parents(path: str) -> tuple[PurePosixPath, ...]:
    return tuple(PurePosixPath(path).parents)


def glob(pattern: str, text: str) -> bool:
    """Whether the text is as the pattern says, in which `*` stands for any characters and everything else for itself:
    `[` and `?` belong to Terraform's addresses and to paths."""
    first, *middle = pattern.split("*")
    if not middle:
        return first == text
    last = middle.pop()
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
