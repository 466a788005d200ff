"""What makes two undecided values the same: the identity of a value that is computed from others.

A pure function of equal unknowns is equal everywhere, so its subject is named after it and them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cognito_lint import worlds
from cognito_lint.model import Trace
from cognito_lint.terraform.values import (
    BOOL,
    MAX_NESTING,
    Known,
    Plain,
    Result,
    Type,
    UnknownValue,
    boolean,
    literal,
    unknowns,
)
from cognito_lint.worlds import Choice, Split, Subject

MAX_NODES = 2_000
MAX_KEY = 160
MAX_TEXT = 120


@dataclass(frozen=True, slots=True)
class Site:
    """An expression in one module instance. `key` is its identity, `text` the source text."""

    key: str
    text: str


class _TooManyNodesError(Exception):
    pass


def identity(operation: str, operands: Sequence[Result], site: Site) -> str:
    """A key for `operation` of the operands: equal for equal ones; the site's own where they are too large to name."""
    budget = [MAX_NODES]
    try:
        inner = ", ".join(_name(operand, budget, 0) for operand in operands)
    except _TooManyNodesError:
        return site.key
    if len(inner) > MAX_KEY:
        inner = hashlib.sha256(inner.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{operation}({inner})"


def derived(
    kind: Type,
    operation: str,
    operands: Sequence[Result],
    site: Site,
    *,
    nullable: bool = False,
    reason: str | None = None,
) -> UnknownValue:
    """The unknown result of `operation`, with the reason and trace of the first operand that is not decided."""
    reasons = (unknown for operand in operands for unknown in unknowns(operand))
    first = next(reasons, None)
    trace: Trace = first.trace if first is not None else ()
    why = reason or (first.reason if first is not None else f"{text_of(site)} is not known")
    subject = Subject(identity(operation, operands, site), text_of(site))
    return UnknownValue(kind, why, subject, nullable, trace)


def question(operation: str, operands: Sequence[Result], site: Site, text: str | None = None) -> Choice[bool]:
    """A Boolean that is not decided, as a choice between true and false."""
    return worlds.holds(worlds.boolean(identity(operation, operands, site), text or text_of(site)), "true")


def answer(choice: Choice[bool], trace: Trace = ()) -> Result:
    """A choice of truths as a result."""
    return worlds.lift(lambda truth: boolean(truth, trace), choice)


def text_of(site: Site) -> str:
    """The site's source on one line, shortened to what a message bears."""
    text = " ".join(site.text.split())
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def operand_text(value: Plain, site: Site) -> str:
    """How an operand is named in a question of its own."""
    if isinstance(value, UnknownValue):
        return value.subject.text
    if isinstance(value.data, tuple | Mapping):
        return text_of(site)
    return literal(value)


def _name(result: Result, budget: list[int], depth: int) -> str:
    budget[0] -= 1
    if budget[0] < 0 or depth > MAX_NESTING:
        raise _TooManyNodesError
    if isinstance(result, Split):
        atom = result.atom
        branches = f"{_name(result.yes, budget, depth + 1)} : {_name(result.no, budget, depth + 1)}"
        return f"({atom.subject.key} is {atom.outcome} ? {branches})"
    if isinstance(result, UnknownValue):
        return result.subject.key if result.type != BOOL else f"bool {result.subject.key}"
    return _name_known(result, budget, depth)


def _name_known(value: Known, budget: list[int], depth: int) -> str:
    if isinstance(value.data, tuple):
        return f"[{', '.join(_name(element, budget, depth + 1) for element in value.data)}]"
    if isinstance(value.data, Mapping):
        inner = ", ".join(f"{key} = {_name(element, budget, depth + 1)}" for key, element in value.data.items())
        return f"{{{inner}}}"
    return literal(value)
