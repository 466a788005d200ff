"""Which findings a baseline knows (after judging): a Report in, a Report with these suppressed out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cognito_lint.baseline.coverage import Coverage
from cognito_lint.baseline.entries import Baseline, Entry, entry_of
from cognito_lint.model import Finding, Suppression
from cognito_lint.report.report import LEVELS, Report


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report against a baseline. `stale` entries match nothing any more, `moved` ones match in another unit than
    they name; `current` is the baseline without the stale and with the moved at their new place. `unseen` are the
    entries that this run can say nothing of."""

    report: Report
    stale: tuple[Entry, ...]
    moved: tuple[Entry, ...]
    current: Baseline
    unseen: Baseline


def compare(report: Report, known: Baseline, coverage: Coverage, name: str) -> Comparison:
    """Suppress what the baseline `name` knows. So many findings of one identity as it counts: one more is new."""
    matching = _Matching(known)
    for finding, entry in _candidates(report):
        matching.match(finding, entry)
    moved = matching.follow(_candidates(report), coverage)
    stale, unseen = [], {}
    for entry, count in matching.left.items():
        if count and entry.rule in report.rules and _seen(entry, coverage):
            stale.append(entry)
        elif count:
            unseen[entry] = count
    suppression = Suppression("baseline", f"known to the baseline {name}")
    suppressed = tuple(
        replace(finding, suppressed=suppression) if finding in matching.matched else finding
        for finding in report.findings
    )
    return Comparison(
        replace(report, findings=suppressed),
        tuple(sorted(stale, key=lambda entry: entry.order)),
        tuple(sorted(moved, key=lambda entry: entry.order)),
        Counter(matching.matched.values()) + Counter(unseen),
        unseen,
    )


def present(report: Report) -> Baseline:
    """The entries of a report's active findings."""
    return Counter(entry for _, entry in _candidates(report))


def _seen(entry: Entry, coverage: Coverage) -> bool:
    return coverage.judged(entry.unit, entry.address) or (
        coverage.gone(entry.unit, entry.address) and coverage.looked(entry.unit)
    )


def _candidates(report: Report) -> list[tuple[Finding, Entry]]:
    """The findings that a baseline may know, gravest first: each takes the entry that fits it best."""
    active = ((finding, entry_of(finding)) for finding in report.active)
    found = [(finding, entry) for finding, entry in active if entry is not None]
    return sorted(found, key=lambda pair: -LEVELS.index(pair[1].level))


class _Matching:
    def __init__(self, known: Baseline) -> None:
        self.left = Counter(known)
        self.matched: dict[Finding, Entry] = {}
        self._units = {entry.unit for entry in known}

    def match(self, finding: Finding, wanted: Entry, old: str | None = None) -> Entry | None:
        """Take an entry for a finding, of its own level or of a graver one; `old` is the unit that it had then."""
        for level in LEVELS[LEVELS.index(wanted.level) :]:
            entry = replace(wanted, level=level, unit=wanted.unit if old is None else old)
            if self.left[entry] > 0:
                self.left[entry] -= 1
                self.matched[finding] = replace(entry, unit=wanted.unit)
                return entry
        return None

    def follow(self, candidates: Iterable[tuple[Finding, Entry]], coverage: Coverage) -> set[Entry]:
        """Match what is left of units that are gone with the same addresses in units that the baseline does not know,
        where there is one of each. Gives the entries that moved."""
        gone: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for entry, count in self.left.items():
            if count and entry.address is not None and coverage.gone(entry.unit, entry.address):
                gone[entry.rule, entry.address].add(entry.unit)
        new: defaultdict[tuple[str, str], list[tuple[Finding, Entry]]] = defaultdict(list)
        for finding, entry in candidates:
            if finding not in self.matched and entry.address is not None and entry.unit not in self._units:
                new[entry.rule, entry.address].append((finding, entry))
        moved = set()
        for identity, units in gone.items():
            found = new.get(identity, [])
            if len(units) == 1 == len({entry.unit for _, entry in found}):
                (old,) = units
                moved |= {taken for finding, entry in found if (taken := self.match(finding, entry, old))}
        return moved
