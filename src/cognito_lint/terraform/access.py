"""Taking an element or an attribute of a value, known or not: `source[key]` and `source.name`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from cognito_lint import worlds
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.elements import at, is_sequence
from cognito_lint.terraform.equality import equals
from cognito_lint.terraform.identities import Site, derived
from cognito_lint.terraform.operators import by_key
from cognito_lint.terraform.traces import beyond, with_trace
from cognito_lint.terraform.types import ANY, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from cognito_lint.terraform.unification import show
from cognito_lint.terraform.values import (
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    failure,
    is_null,
    lift,
    number,
    plain,
    string,
)

MAX_PROBED = 100


def index(source: Result, key: Result, site: Site) -> Result:
    """`source[key]` in every world. Raises EvaluationError where Terraform refuses it in every world."""
    return lift(lambda value, at: _index(value, at, site), source, key)


def attribute(source: Result, name: str, site: Site) -> Result:
    """`source.name`: an attribute of an object, or an element of a map."""
    return lift(lambda value: _attribute(value, name, site), source)


def _attribute(source: Plain, name: str, site: Site) -> Result:
    if isinstance(source, UnknownValue):
        return _of_unknown(source, name, _type_of_attribute(source.type, name), site)
    if source.data is None:
        raise EvaluationError("Attempt to get attribute from null value: this value is null, so it has no attributes.")
    if not isinstance(source.data, Mapping):
        raise EvaluationError("Unsupported attribute: this value does not have any attributes.")
    if name not in source.data:
        raise EvaluationError(f'Unsupported attribute: this object does not have an attribute named "{name}".')
    return _reached(source.data[name], source)


def _index(source: Plain, key: Plain, site: Site) -> Result:
    if is_null(key):
        raise EvaluationError("Invalid index: can't use a null value as an indexing key.")
    if isinstance(source, UnknownValue):
        return _index_unknown(source, key, site)
    if source.data is None:
        raise EvaluationError("Attempt to index null value: this value is null, so it does not have any indices.")
    if isinstance(source.data, Mapping):
        return _entry(source, source.data, key, site)
    if isinstance(source.data, tuple) and not _is_set(source.type):
        return lift(lambda at: _element(source, source.data, at, site), _number_key(key))  # type: ignore[arg-type]
    kind = "set" if isinstance(source.data, tuple) else show(source.type)
    raise EvaluationError(f"Invalid index: this value is a {kind}, whose elements have no index.")


def _entry(source: Known, entries: Mapping[str, Result], key: Plain, site: Site) -> Result:
    def absent() -> Result:
        raise EvaluationError("Invalid index: the given key does not identify an element in this collection value.")

    try:
        name = convert(key, STRING)
    except EvaluationError as error:
        raise EvaluationError("Invalid index: a string is required.") from error

    def named(at: Plain) -> Result:
        if isinstance(at, UnknownValue):
            return by_key(entries, at, absent, site)
        if isinstance(at.data, str) and at.data in entries:
            return _reached(entries[at.data], source)
        return absent()

    return lift(named, name)


def _element(source: Known, items: Sequence[Result], key: Plain, site: Site) -> Result:
    if isinstance(key, UnknownValue):
        return _any_element(source, items, key, site)
    position = key.data
    if isinstance(position, Decimal) or not isinstance(position, int) or not 0 <= position < len(items):
        raise EvaluationError("Invalid index: the given key does not identify an element in this collection value.")
    return _reached(items[position], source)


def _any_element(source: Known, items: Sequence[Result], key: UnknownValue, site: Site) -> Result:
    """Each element where the key is its position, an error elsewhere."""
    if len(items) > MAX_PROBED:
        reason = f"one of more than {MAX_PROBED} elements is taken by an index that is not known: {key.reason}"
        return derived(ANY, "index", (source, key), site, nullable=True, reason=reason, bound=True)
    result: Result = _absent()
    for position in reversed(range(len(items))):
        hit = equals(key, number(position), site)
        result = worlds.lift(lambda truth, yes, no: yes if truth else no, hit, items[position], result)
    return result


def _index_unknown(source: UnknownValue, key: Plain, site: Site) -> Result:
    if _is_set(source.type):
        raise EvaluationError("Invalid index: this value is a set, whose elements have no index.")
    if is_sequence(source) and isinstance(key, Known):
        key = plain(_number_key(key))
    if isinstance(key, Known) and isinstance(key.data, str):
        return _of_unknown(source, key.data, _type_of_attribute(source.type, key.data), site)
    taken = _taken(source, key)
    if taken is not None:
        return taken
    kind = source.type
    element: Type = ANY
    if isinstance(kind, Collection):
        element = kind.element
        if source.source == ANY or (isinstance(source.source, Collection) and source.source.kind == kind.kind):
            return convert(_index_unknown(_before_conversion(source), key, site), element)
    elif isinstance(kind, TupleType) and isinstance(key, Known) and isinstance(key.data, int):
        if not 0 <= key.data < len(kind.elements):
            raise EvaluationError("Invalid index: the given key does not identify an element in this collection value.")
        element = kind.elements[key.data]
    return derived(element, "index", (source, key), site, nullable=True, reason=source.reason)


def _taken(source: UnknownValue, key: Plain) -> Result | None:
    """An element of what a `for` or a function has made. None where all that is known of the elements is their type."""
    one = at(source, key)
    if one is None:
        return None
    return worlds.lift(lambda included, value: value if included else _absent(), one.included, one.value)


def _absent() -> UnknownValue:
    """The value of an element in a world that does not have it."""
    return failure(EvaluationError("Invalid index: the given key does not identify an element."))


def _before_conversion(source: UnknownValue) -> UnknownValue:
    """The value in its first type: the same element of it is the same value, whatever the whole was converted to."""
    return replace(source, type=source.source or source.type, source=None)


def _of_unknown(source: UnknownValue, name: str, kind: Type, site: Site) -> Result:
    if source.entries is not None and name in source.entries:
        return source.entries[name]
    taken = None if is_sequence(source) else _taken(source, string(name))
    if taken is not None:
        return taken
    if source.source is not None:
        with suppress(EvaluationError):  # an attribute that the conversion added
            before = _type_of_attribute(source.source, name)
            return convert(_of_unknown(_before_conversion(source), name, before, site), kind)
    return derived(kind, f"attribute {name}", (source,), site, nullable=True, reason=source.reason)


def _type_of_attribute(kind: Type, name: str) -> Type:
    if isinstance(kind, ObjectType):
        if name not in kind.attributes:
            raise EvaluationError(f'Unsupported attribute: this object does not have an attribute named "{name}".')
        return kind.attributes[name]
    if isinstance(kind, Collection) and kind.kind == "map":
        return kind.element
    if kind == ANY:
        return ANY
    raise EvaluationError("Unsupported attribute: this value does not have any attributes.")


def _number_key(key: Plain) -> Result:
    try:
        return convert(key, NUMBER)
    except EvaluationError as error:
        raise EvaluationError("Invalid index: a number is required.") from error


def _is_set(kind: Type) -> bool:
    return isinstance(kind, Collection) and kind.kind == "set"


def _reached(element: Result, source: Known) -> Result:
    """An element came the way that its container came, after it was decided."""
    if not source.trace:
        return element
    return with_trace(element, lambda trace: (*trace, *beyond(source.trace, trace)))
