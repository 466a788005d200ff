"""Any element of a collection that is not known: what is said of it holds for each of them.

Part of the stage "resolve": `for_each`, `dynamic` blocks and `for` expressions over what nobody knows yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cognito_lint import worlds
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.identities import Site, derived, identity
from cognito_lint.terraform.types import ANY, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from cognito_lint.terraform.values import (
    EVALUATION_ERRORS,
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    failed,
    null,
    type_of,
)
from cognito_lint.worlds import Choice, Split


@dataclass(frozen=True, slots=True)
class Element:
    """Key and value of any element, and where it is one: an `if` of a `for` may leave it out.

    `origins` are the elements that it is made of, and `collection` what it is an element of where nothing has made it.
    """

    key: Result
    value: Result
    included: Choice[bool] = True
    origins: tuple[Element, ...] = ()
    collection: UnknownValue | None = None

    @property
    def lineage(self) -> Iterator[Element]:
        """It, what it is made of, what that is made of, and so on."""
        yield self
        for origin in self.origins:
            yield from origin.lineage


def any_of(collection: UnknownValue, name: str, site: Site) -> Element:
    """Any element of a collection. Whoever speaks of one gives it a `name`: two of them need not be the same one."""
    return _made(collection, name) or _plain(collection, name, site)


def at(collection: UnknownValue, key: Plain) -> Element | None:
    """The element under a key or at a place: the same wherever the same one is asked for. None where all that is known
    of the elements is their type."""
    if collection.type != ANY and not isinstance(collection.type, Collection):
        return None
    return _made(collection, identity("at", (collection, key)))


def is_sequence(value: Plain) -> bool:
    """Whether a value is sure to be a list, set or tuple."""
    if isinstance(value.type, Collection):
        return value.type.kind != "map"
    made_by_for = isinstance(value, UnknownValue) and value.element is not None and value.entries is None
    return isinstance(value.type, TupleType) or (value.type == ANY and made_by_for)


def _made(collection: UnknownValue, name: str) -> Element | None:
    """Any element of what a `for` or a function has made."""
    if collection.element is None:
        return None
    try:
        made = _sound(collection.element(name))
        value = _converted(made.value, collection.type)
        return replace(made, key=value if _is_set(collection.type) else made.key, value=value)
    except EVALUATION_ERRORS:
        return None  # Terraform refuses it as soon as there is one, or a bound of ours was passed


def _plain(collection: UnknownValue, name: str, site: Site) -> Element:
    kind = collection.type
    value = derived(_type_of_each(kind), f"{name} each.value", (collection,), site, nullable=True)
    key = value if _is_set(kind) else derived(_key_type(kind), f"{name} each.key", (collection,), site)
    return Element(key, value, collection=collection)


def _sound(made: Element) -> Element:
    """The element without the worlds in which Terraform refuses it. Raises EvaluationError if those are all."""
    refused = worlds.lift(lambda key, value: failed(key) or failed(value), made.key, made.value)
    if refused is False:
        return made
    if refused is True:
        raise EvaluationError
    value = worlds.lift(lambda leaf: null() if failed(leaf) else leaf, made.value)
    return replace(made, value=value, included=worlds.both(made.included, worlds.negate(refused)))


def _converted(value: Result, kind: Type) -> Result:
    """The value as an element of a collection of this type. Raises EvaluationError."""
    if isinstance(kind, Collection) and isinstance(value, Split) and type_of(value) == ANY:
        raise EvaluationError("the elements have several types")  # and Terraform converts them to one
    return convert(value, _type_of_each(kind))


def _type_of_each(kind: Type) -> Type:
    return kind.element if isinstance(kind, Collection) else ANY


def _key_type(kind: Type) -> Type:
    if isinstance(kind, ObjectType) or (isinstance(kind, Collection) and kind.kind == "map"):
        return STRING
    is_sequence = isinstance(kind, TupleType) or (isinstance(kind, Collection) and kind.kind == "list")
    return NUMBER if is_sequence else ANY


def _is_set(kind: Type) -> bool:
    return isinstance(kind, Collection) and kind.kind == "set"
