"""Sets: what is the same element, and in which order Terraform goes through them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cmp_to_key

from cognito_lint import worlds
from cognito_lint.model import Trace
from cognito_lint.terraform.identities import Site, derived, identity, text_of
from cognito_lint.terraform.types import NUMBER, Collection, Type
from cognito_lint.terraform.values import (
    Known,
    Plain,
    Result,
    UnknownValue,
    children,
    is_wholly_known,
    lift,
    number,
    plain,
    resolve_deep,
    tuple_of,
)
from cognito_lint.worlds import Subject

MAX_SIZES = 16


def set_of(elements: Iterable[Result], element: Type, trace: Trace = ()) -> Result:
    """A set of elements that are of type `element` already: world by world, for the worlds decide what is equal."""
    kind = Collection("set", element)

    def build(value: Plain) -> Plain:
        unique: dict[bytes, Plain] = {}
        undecided: list[Plain] = []
        for item in map(plain, value.data if isinstance(value, Known) and isinstance(value.data, tuple) else ()):
            if _is_known(item):
                unique.setdefault(_hash(item, exact=True), item)
            elif item not in undecided:
                undecided.append(item)
        known = sorted(unique.values(), key=cmp_to_key(_compare))
        return Known(kind, (*known, *undecided), trace)

    return lift(build, resolve_deep(tuple_of(elements)))


def certain_bytes(result: Result) -> bytes | None:
    """Bytes that are equal for equal elements of one type; None if something in it is open."""
    return _hash(plain(result), exact=True) if _is_certain(result) else None


def _is_certain(result: Result) -> bool:
    return isinstance(result, Known) and all(map(_is_certain, children(result)))


def is_blurred(value: Plain) -> bool:
    """Whether it is a set whose elements may turn out to be equal, or to stand in another order."""
    if not isinstance(value, Known) or not isinstance(value.type, Collection) or value.type.kind != "set":
        return False
    return isinstance(value.data, tuple) and len(value.data) > 1 and not is_wholly_known(value)


def size_of_set(value: Known, site: Site) -> Result:
    """How many elements there are in a set of which some are not known: they may be equal to others."""
    elements = value.data if isinstance(value.data, tuple) else ()
    sizes = range(max(1, sum(map(_is_known, map(plain, elements)))), len(elements) + 1)
    if len(sizes) > MAX_SIZES:
        return derived(NUMBER, "length", (value,), site)
    subject = Subject(identity("length", (value,)), text_of(site), tuple(map(str, sizes)))
    size: Result = number(sizes[-1])
    for fewer in reversed(sizes[:-1]):
        hit = worlds.holds(subject, str(fewer))
        size = worlds.lift(lambda yes, more, fewer=fewer: number(fewer) if yes else more, hit, size)
    return size


def _is_known(value: Plain) -> bool:
    if isinstance(value, UnknownValue):
        return False
    if isinstance(value.data, Mapping):
        return all(_is_known(plain(item)) for item in value.data.values())
    return not isinstance(value.data, tuple) or all(_is_known(plain(item)) for item in value.data)


def _compare(one: Plain, other: Plain) -> int:
    left, right = _key(one), _key(other)
    return (left > right) - (left < right)


def _key(value: Plain) -> tuple[int, Decimal | int, bytes]:
    """null last; numbers by size; strings by their bytes; anything else by the bytes that Terraform hashes."""
    data = value.data if isinstance(value, Known) else None
    if data is None:
        return 1, 0, b""
    if isinstance(data, bool):
        return 0, int(data), b""
    if isinstance(data, int | Decimal):
        return 0, data, b""
    if isinstance(data, str):
        return 0, 0, data.encode("utf-8", "surrogatepass")
    return 0, 0, _hash(value)


def _hash(value: Plain, *, exact: bool = False) -> bytes:
    """The bytes by which go-cty orders elements that have no order of their own (cty/set_internals.go)."""
    data = value.data if isinstance(value, Known) else None
    if data is None:
        return b"~"
    if isinstance(data, bool):
        return b"T" if data else b"F"
    if isinstance(data, int | Decimal):
        return (str(data) if exact else f"{Decimal(data):.10g}").encode()
    if isinstance(data, str):
        return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")
    kind = value.type.kind if isinstance(value.type, Collection) else ""
    if isinstance(data, Mapping):
        items = [
            (_hash_text(key) + b":" if kind == "map" else b"") + _hash(plain(item), exact=exact) + b";"
            for key, item in data.items()
        ]
        return b"{" + b"".join(items) + b"}" if kind == "map" else b"<" + b"".join(items) + b">"
    inner = b"".join(_hash(plain(item), exact=exact) + b";" for item in data)
    return b"[" + inner + b"]" if kind else b"<" + inner + b">"


def _hash_text(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")
