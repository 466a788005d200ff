"""Functions of maps and objects. They look at the structure: a value that is not known blurs no other."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_lint.terraform.access import attribute
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.functions.base import (
    Context,
    Function,
    Parameter,
    entries,
    invalid,
    items,
    unknown,
)
from cognito_lint.terraform.operators import by_key
from cognito_lint.terraform.types import ANY, STRING, Collection, ObjectType, TupleType
from cognito_lint.terraform.unification import show
from cognito_lint.terraform.values import (
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    list_of,
    map_of,
    object_of,
    string,
    tuple_of,
)


def _mapping(value: Plain, parameter: str) -> None:
    kind = value.type
    if not (isinstance(kind, ObjectType) or (isinstance(kind, Collection) and kind.kind == "map")) and kind != ANY:
        raise invalid(f"{parameter}", f"must be a map or an object, not {show(kind)}")


def keys(context: Context, value: Plain) -> Result:
    """`keys(map)`: known even where the values are not."""
    _mapping(value, "inputMap")
    if isinstance(value.type, ObjectType):
        return tuple_of(map(string, sorted(value.type.attributes)))
    if isinstance(value, UnknownValue):
        kind = Collection("list", STRING) if isinstance(value.type, Collection) else ANY  # an object's are a tuple
        return unknown(context, kind, "keys", (value,))
    return list_of(map(string, entries(value)), STRING)


def values_(_: Context, value: Plain) -> Result:
    """`values(map)`, in the order of the keys."""
    _mapping(value, "mapping")
    elements = entries(value).values()
    return list_of(elements, value.type.element) if isinstance(value.type, Collection) else tuple_of(elements)


def lookup(context: Context, mapping: Plain, key: Plain, *default: Plain) -> Result:
    """`lookup(map, key, default)`."""
    if len(default) > 1:
        raise EvaluationError("lookup() takes two or three arguments")
    _mapping(mapping, "inputMap")
    element = mapping.type.element if isinstance(mapping.type, Collection) else ANY
    fallback = tuple(convert(value, element) for value in default)
    if isinstance(mapping, UnknownValue):
        return _lookup_unknown(context, mapping, key, fallback)

    def otherwise() -> Result:
        if fallback:
            return fallback[0]
        name = key.data if isinstance(key, Known) else "…"
        raise EvaluationError(f'lookup failed to find key "{name}"')

    if isinstance(key, UnknownValue):
        return by_key(entries(mapping), key, otherwise, context.site)
    name = str(key.data)
    return entries(mapping)[name] if name in entries(mapping) else otherwise()


def _lookup_unknown(context: Context, mapping: UnknownValue, key: Plain, fallback: tuple[Result, ...]) -> Result:
    kind = mapping.type
    if isinstance(key, Known) and isinstance(key.data, str):
        if key.data in (mapping.entries or {}) or (isinstance(kind, ObjectType) and key.data in kind.attributes):
            return attribute(mapping, key.data, context.site)
        if isinstance(kind, ObjectType):
            if not fallback:
                raise invalid("inputMap", f'the given object has no attribute "{key.data}"')
            return fallback[0]
    element = kind.element if isinstance(kind, Collection) else ANY
    return unknown(context, element, "lookup", (mapping, key, *fallback), nullable=True)


def merge(context: Context, *mappings: Plain) -> Result:
    """`merge(maps…)`: the last wins. A map if all are maps of one type, else an object."""
    for value in mappings:
        _mapping(value, "maps")
    given = [value for value in mappings if not (isinstance(value, Known) and value.data is None)]
    merged: dict[str, Result] = {}
    for value in given:
        if isinstance(value, UnknownValue):
            merged = dict(value.entries or {})
        else:
            merged.update(entries(value))
    kinds = {str(value.type): value.type for value in mappings}
    kind = next(iter(kinds.values())) if len(kinds) == 1 else ANY
    if any(isinstance(value, UnknownValue) for value in given):
        blurred = unknown(context, kind if isinstance(kind, Collection) else ANY, "merge", mappings)
        return _with_entries(blurred, merged)
    if isinstance(kind, Collection):
        return map_of(merged, kind.element)
    return object_of(merged)


def _with_entries(value: UnknownValue, sure: Mapping[str, Result]) -> UnknownValue:
    from dataclasses import replace

    return replace(value, entries=dict(sure)) if sure else value


def zipmap(_: Context, names: Plain, contents: Plain) -> Result:
    """`zipmap(keys, values)`."""
    kind = contents.type
    if not isinstance(kind, TupleType) and not (isinstance(kind, Collection) and kind.kind == "list"):
        raise invalid("values", "values argument must be a list or tuple value")
    if len(items(names)) != len(items(contents)):
        raise EvaluationError(
            f"number of keys ({len(items(names))}) does not match number of values ({len(items(contents))})"
        )
    pairs: dict[str, Result] = {}
    for name, content in zip(items(names), items(contents), strict=True):
        if not isinstance(name, Known) or not isinstance(name.data, str):
            raise invalid("keys", "a key must not be null")
        pairs[name.data] = content
    return map_of(pairs, kind.element) if isinstance(kind, Collection) else object_of(pairs)


def transpose(_: Context, mapping: Plain) -> Result:
    """`transpose(map of lists of strings)`."""
    turned: dict[str, list[str]] = {}
    for key, contents in entries(mapping).items():
        if not isinstance(contents, Known) or not isinstance(contents.data, tuple):
            raise EvaluationError("input must not contain null list")
        for item in contents.data:
            if not isinstance(item, Known) or not isinstance(item.data, str):
                raise EvaluationError("input must not contain null string")
            turned.setdefault(item.data, []).append(key)
    strings = Collection("list", STRING)
    return map_of({key: list_of(map(string, sorted(found)), STRING) for key, found in turned.items()}, strings)


def map_function(_: Context, *__: Plain) -> Result:
    """`map(…)` of Terraform 0.11."""
    raise EvaluationError(
        'the "map" function was deprecated in Terraform v0.12 and is no longer available; '
        "use tomap({ ... }) syntax to write a literal map"
    )


_MAP_OF_STRINGS = Collection("map", Collection("list", STRING))
FUNCTIONS: Mapping[str, Function] = {
    "keys": Function(keys, (Parameter("inputMap", ANY, shallow=True, unknown=True),)),
    "lookup": Function(
        lookup,
        (Parameter("inputMap", ANY, shallow=True, unknown=True), Parameter("key", STRING, unknown=True)),
        variadic=Parameter("default", ANY, null=True, shallow=True, unknown=True),
        nullable=True,
    ),
    "map": Function(map_function, (), variadic=Parameter("vals", ANY, null=True)),
    "merge": Function(merge, (), variadic=Parameter("maps", ANY, null=True, shallow=True, unknown=True)),
    "transpose": Function(transpose, (Parameter("values", _MAP_OF_STRINGS),), _MAP_OF_STRINGS),
    "values": Function(values_, (Parameter("mapping", ANY, shallow=True),)),
    "zipmap": Function(zipmap, (Parameter("keys", Collection("list", STRING)), Parameter("values", ANY, shallow=True))),
}
