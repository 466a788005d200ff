"""What a rule is: an id, a name for the bad pattern, the levels it can have, and one pure function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint.model import Finding, Level, Span, Trace, UserPool
from cognito_lint.rules.page import page

Check: TypeAlias = Callable[[UserPool], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`module` is where the rule is written: its docstring is the rule's page. `check` is None for the rules about
    inputs, which the pipeline makes findings of itself."""

    id: str
    name: str
    levels: tuple[Level, ...]
    summary: str
    module: str
    check: Check | None = None
    suppressible: bool = True

    @property
    def page(self) -> str:
        """The rule's documentation in Markdown: its module's docstring, and how to suppress it."""
        return page(self.id, sys.modules[self.module].__doc__, suppressible=self.suppressible)

    def finding(
        self,
        pool: UserPool,
        message: str,
        *,
        level: Level | None = None,
        help: str = "",  # noqa: A002 - the contract's own word
        span: Span | None = None,
        when: tuple[str, ...] = (),
        trace: Trace = (),
    ) -> Finding:
        """A finding of this rule about `pool`, where its value was decided or else at the pool's anchor."""
        at = span or (trace[0].span if trace else pool.anchor)
        level = level or self.levels[0]
        return Finding(
            self.id, self.name, level, message, help, pool.address, pool.unit, at, when, trace, label=pool.label
        )
