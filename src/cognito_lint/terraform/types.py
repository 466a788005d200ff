"""Terraform's types, as https://github.com/zclconf/go-cty has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


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
