"""What every format is given: the judged pools, the findings and the errors of one run, sorted."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint.model import Finding, Level, Problem, Trace, Unknown, UserPool, Verdict
from cognito_lint.rules import RULES
from cognito_lint.rules.verdict import Deployment, default_worlds
from cognito_lint.spaces import World
from cognito_lint.worlds import leaves

SourceText: TypeAlias = Callable[[str], str | None]
"""The text of a file by its path as shown, for excerpts; None where there is none to show."""

LEVELS: tuple[Level, ...] = ("note", "warning", "error")


@dataclass(frozen=True, slots=True)
class JudgedPool:
    """A pool with its verdict and the worlds that the verdict was drawn from."""

    pool: UserPool
    verdict: Verdict
    worlds: tuple[World[Deployment], ...]

    @property
    def trace(self) -> Trace:
        """The way of the value that the verdict turns on: the first world's that is not enforced, by default first."""
        candidates = (*default_worlds(self.worlds), *self.worlds)
        telling = next((world for world in candidates if world.value.state != "enforced"), candidates[0])
        if self.verdict in ("enforced", "conditional"):
            telling = candidates[0]
        return telling.value.mode.trace

    @property
    def tier(self) -> str | None:
        """The feature plan: PLUS, ESSENTIALS or LITE, None where none is written, "unknown" where it is not decided."""
        contents = {tier.content for tier in leaves(self.pool.tier)}
        content = contents.pop() if len(contents) == 1 else Unknown("the worlds differ")
        return "unknown" if isinstance(content, Unknown) else None if content is None else str(content)


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `files` counts the files that were read as input, `absent_modules` and `absent_templates` what is
    called and not there and no finding names; `rules` are the ids of the rules that were asked; `left_out` counts the
    pools that no change concerns."""

    pools: tuple[JudgedPool, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[Problem, ...] = ()
    files: int = 0
    absent_modules: int = 0
    absent_templates: int = 0
    left_out: int = 0
    rules: tuple[str, ...] = tuple(rule.id for rule in RULES)

    @property
    def active(self) -> tuple[Finding, ...]:
        """The findings that count: those that nothing suppresses."""
        return tuple(finding for finding in self.findings if not finding.suppressed)

    @property
    def suppressed(self) -> int:
        """How many findings are suppressed."""
        return len(self.findings) - len(self.active)

    def count(self, level: Level) -> int:
        """How many findings that count have this level."""
        return sum(finding.level == level for finding in self.active)

    def verdicts(self) -> Counter[Verdict]:
        """How many pools have each verdict."""
        return Counter(judged.verdict for judged in self.pools)

    def fails(self, fail_on: Level) -> bool:
        """Whether a finding that counts is at or above a level."""
        return any(LEVELS.index(finding.level) >= LEVELS.index(fail_on) for finding in self.active)


def fingerprint(finding: Finding) -> str:
    """The identity of a finding: rule, unit and address, no line numbers. Stable when lines move."""
    subject = finding.address if finding.address is not None else finding.span.file
    parts = "\0".join((finding.rule, finding.unit, subject))
    return _digest(parts)


def _digest(text: str) -> str:
    from hashlib import sha256  # OpenSSL takes longer to load than most templates to check

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The fingerprint of each finding, for readers that want no two alike: further ones are told apart by number."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        identity = fingerprint(finding)
        seen[identity] += 1
        if seen[identity] > 1:
            identity = _digest(f"{identity}/{seen[identity]}")
        found.append(identity)
    return tuple(found)


def in_project(file: str, project: str) -> str:
    """The path of a file in a project whose directory `project` is the working directory ("" for its top)."""
    return posixpath.normpath(posixpath.join(project, file))
