"""What makes two undecided values the same: the identity of a value that is computed from others.

A pure function of equal unknowns is equal everywhere, so its subject is named after it and them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cognito_lint import worlds
from cognito_lint.model import Trace
from cognito_lint.terraform.types import Collection, Type
from cognito_lint.terraform.unification import show
from cognito_lint.terraform.values import (
    MAX_NESTING,
    BoundError,
    Known,
    Plain,
    Result,
    UnknownValue,
    boolean,
    literal,
    unknowns,
)
from cognito_lint.worlds import MAX_DEPTH, Choice, Subject

MAX_KEY = 160
LATE = "once created: "
MAX_TEXT = 120


class Site(Protocol):
    """An expression in one module instance. `key` is its identity, `text` the source text."""

    @property
    def key(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NamedSite:
    """A site whose key and text are at hand."""

    key: str
    text: str


def identity(operation: str, operands: Iterable[Result]) -> str:
    """A key for `operation` of the operands: equal for equal ones. Raises BoundError."""
    splits: dict[int, str] = {}
    return f"{operation}({short(', '.join(_name(operand, splits, 0) for operand in operands))})"


def object_subject(module: str, text: str) -> Subject:
    """What the object of a resource or data source is called, `text` in the module instance with the key `module`.

    A resource's is marked, and with it everything that is computed from it: Terraform knows it only once it has created
    the resource, where it knows everything else before it creates anything. (A data source is late too if what it asks
    for is.)
    """
    known_first = text.startswith(("data.", "ephemeral."))
    return Subject(f"{module}{text}" if known_first else f"{LATE}{module}{text}", text)


def is_late(subject: Subject) -> bool:
    """Whether other resources may have been created before Terraform knows."""
    return LATE in subject.key


def short(text: str) -> str:
    """The text, or its digest where it is long."""
    if len(text) <= MAX_KEY:
        return text
    from hashlib import sha256  # OpenSSL takes longer to load than most modules to evaluate

    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{LATE}{digest}" if LATE in text else digest


def derived(
    kind: Type,
    operation: str,
    operands: Sequence[Result],
    site: Site,
    *,
    nullable: bool = False,
    reason: str | None = None,
    bound: bool = False,
) -> UnknownValue:
    """The unknown result of `operation`, with the reason and trace of the first operand that is not decided.

    `bound`: the reason is a bound of ours.
    """
    reasons = (unknown for operand in operands for unknown in unknowns(operand))
    first = next(reasons, None)
    trace: Trace = first.trace if first is not None else ()
    why = reason or (first.reason if first is not None else f"{text_of(site)} is not known")
    bound = bound or (first is not None and first.bound and first.reason == why)
    subject = Subject(identity(operation, operands), past_bound(text_of(site), why) if bound else text_of(site))
    return UnknownValue(kind, why, subject, nullable, trace, bound=bound)


def past_bound(text: str, reason: str) -> str:
    """How what is unknown because of a bound is named in a question."""
    return f"{text} ({reason})"


def question(operation: str, operands: Sequence[Result], site: Site, text: str | None = None) -> Choice[bool]:
    """A Boolean that is not decided, as a choice between true and false."""
    told = text or text_of(site)
    passed = next((one for one in operands if isinstance(one, UnknownValue) and one.bound), None)
    if passed is not None and passed.reason not in told:
        told = past_bound(told, passed.reason)
    return worlds.holds(worlds.boolean(identity(operation, operands), told), "true")


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


def _name(result: Result, splits: dict[int, str], depth: int) -> str:
    """What the result is called: equal for equal ones. A part is named once, however often it is there."""
    if depth > MAX_NESTING + MAX_DEPTH:
        raise BoundError(f"a value is nested deeper than the bound of {MAX_NESTING}")
    if isinstance(result, UnknownValue):
        source = f" from {show(result.source)}" if result.source is not None else ""
        return f"{show(result.type)}{source} {result.subject.key}"
    if isinstance(result, Known):
        return _name_known(result, splits, depth)
    if id(result) not in splits:
        atom = result.atom
        branches = f"{_name(result.yes, splits, depth + 1)} : {_name(result.no, splits, depth + 1)}"
        splits[id(result)] = short(f"({atom.subject.key} is {atom.outcome} ? {branches})")
    return splits[id(result)]


def _name_known(value: Known, splits: dict[int, str], depth: int) -> str:
    data = value.data
    if not isinstance(data, tuple | Mapping):
        return literal(value)
    known: str | None = getattr(value, "name", None)
    if known is None:
        kind = value.type.kind if isinstance(value.type, Collection) else ""
        if isinstance(data, tuple):
            inner = ", ".join(_name(element, splits, depth + 1) for element in data)
        else:
            inner = ", ".join(f"{key!r} = {_name(element, splits, depth + 1)}" for key, element in data.items())
        known = short(f"{kind}[{inner}]" if isinstance(data, tuple) else f"{kind}{{{inner}}}")
        object.__setattr__(value, "name", known)
    return known
