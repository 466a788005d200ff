"""Terraform's values and types, and what may be unknown in them.

A `Result` is what an expression gives: a Known value, an Unknown one, or a Split of results where it depends on
assumptions. Containers hold Results, so one undecided element does not blur its neighbours.
The type system is that of https://github.com/zclconf/go-cty; numbers are integers, or Decimals of enough digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from cognito_lint.model import Trace
from cognito_lint.worlds import Split, Subject


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number`, `bool`, or `any` (the dynamic type: not known yet, or null without a type)."""

    name: str


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
ANY = Primitive("any")


@dataclass(frozen=True, slots=True)
class Collection:
    """`list(element)`, `set(element)` or `map(element)`: `kind` is the word."""

    kind: str
    element: Type


@dataclass(frozen=True, slots=True)
class TupleType:
    """`tuple([…])`, the type of `[a, b]`."""

    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """`object({…})`, the type of `{ a = b }`. In a type constraint `optional` names the attributes that may be left
    out; their defaults are no part of the type."""

    attributes: Mapping[str, Type]
    optional: frozenset[str] = frozenset()


Type: TypeAlias = Primitive | Collection | TupleType | ObjectType


@dataclass(frozen=True, slots=True)
class Known:
    """A value: `data` is str, int, Decimal, bool, None (null), a tuple of Results (list, tuple, set: a set's are in
    Terraform's order), or a dict of Results (map, object: map keys in lexical order). `trace` is its way."""

    type: Type
    data: str | int | Decimal | bool | tuple[Result, ...] | Mapping[str, Result] | None
    trace: Trace = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that the files do not decide. `subject` is its identity: equal subjects take equal values.

    `nullable` is false where it is sure not to be null. A result that follows from an error (a missing file, an
    undeclared name) is unknown too, with the error as its reason.
    """

    type: Type
    reason: str
    subject: Subject
    nullable: bool = True
    trace: Trace = field(default=(), compare=False)


Result: TypeAlias = "Known | UnknownValue | Split[Known | UnknownValue]"


class EvaluationError(Exception):
    """What Terraform would refuse: the message in Terraform's own sense. `try` and `can` catch it."""
