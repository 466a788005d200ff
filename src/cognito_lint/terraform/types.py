"""Type conversion and unification, as https://github.com/zclconf/go-cty/blob/main/docs/convert.md describes them.

Part of the Terraform wing's resolve stage: functions, operators, conditionals and variables convert through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cognito_lint import worlds
from cognito_lint.terraform import numbers, sets
from cognito_lint.terraform.values import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    BoundError,
    Collection,
    EvaluationError,
    Known,
    ObjectType,
    Plain,
    Primitive,
    Result,
    TupleType,
    Type,
    UnknownValue,
    boolean,
    failure,
    from_literal,
    is_null,
    lift,
    list_of,
    literal,
    map_of,
    number,
    object_of,
    string,
    tuple_of,
    type_of,
)
from cognito_lint.worlds import Subject

MAX_OUTCOMES = 64


def show(kind: Type) -> str:
    """The type as Terraform's messages name it."""
    if isinstance(kind, Primitive):
        return "dynamic" if kind == ANY else kind.name
    if isinstance(kind, Collection):
        return f"{kind.kind} of {show(kind.element)}"
    return "tuple" if isinstance(kind, TupleType) else "object"


def is_whole(kind: Type) -> bool:
    """Whether the type holds no `any`."""
    if isinstance(kind, Collection):
        return is_whole(kind.element)
    if isinstance(kind, TupleType):
        return all(map(is_whole, kind.elements))
    if isinstance(kind, ObjectType):
        return all(map(is_whole, kind.attributes.values()))
    return kind != ANY


# ---- conversion ----------------------------------------------------------------------------------------------------


def convert(result: Result, target: Type) -> Result:
    """`result` as a value of type `target`, world by world. Raises EvaluationError where Terraform refuses it."""
    if target == ANY or (not isinstance(target, ObjectType) and type_of(result) == target and is_whole(target)):
        return result
    return lift(lambda value: _convert(value, target), result)


def _convert(value: Plain, target: Type) -> Result:
    if value.type == target and is_whole(target) and not (isinstance(target, ObjectType) and target.optional):
        return value
    if isinstance(value, UnknownValue):
        return _convert_unknown(value, target)
    if value.data is None:
        if value.type != ANY and not convertible(value.type, target):
            raise EvaluationError(mismatch(value.type, target))
        return replace(value, type=settled(target))
    if isinstance(target, Primitive):
        return _convert_primitive(value, target)
    if isinstance(target, Collection):
        return _convert_collection(value, target)
    if isinstance(target, TupleType):
        if not isinstance(value.data, tuple) or not isinstance(value.type, TupleType):
            raise EvaluationError(mismatch(value.type, target))
        if len(value.data) != len(target.elements):
            raise EvaluationError(f"tuple with {len(target.elements)} elements is required")
        items = (convert(item, kind) for item, kind in zip(value.data, target.elements, strict=True))
        return tuple_of(items, value.trace)
    return _convert_object(value, target)


def _convert_primitive(value: Known, target: Primitive) -> Known:
    data = value.data
    if target == STRING and isinstance(data, bool):
        return string("true" if data else "false", value.trace)
    if target == STRING and isinstance(data, int | Decimal):
        return string(numbers.text(data), value.trace)
    if target == NUMBER and isinstance(data, str):
        try:
            parsed = numbers.parse(data)
        except numbers.NumberTooLargeError as error:
            raise BoundError(str(error)) from error
        if parsed is None:
            raise EvaluationError("a number is required")
        return number(parsed, value.trace)
    if target == BOOL and isinstance(data, str):
        truth = {"true": True, "1": True, "false": False, "0": False}.get(data)
        if truth is None:
            raise EvaluationError("a bool is required")
        return boolean(truth, value.trace)
    raise EvaluationError(mismatch(value.type, target))


def _convert_collection(value: Known, target: Collection) -> Result:
    if target.kind == "map":
        if not isinstance(value.data, Mapping):
            raise EvaluationError(mismatch(value.type, target))
        named = dict(zip(value.data, _elements(tuple(value.data.values()), target.element), strict=True))
        return map_of(named, _common(named.values(), value.type, target.element), value.trace)
    if not isinstance(value.data, tuple):
        raise EvaluationError(mismatch(value.type, target))
    items = _elements(value.data, target.element)
    element = _common(items, value.type, target.element)
    if target.kind == "list":
        return list_of(items, element, value.trace)
    return sets.set_of(items, element, value.trace)


def _elements(items: Sequence[Result], element: Type) -> tuple[Result, ...]:
    if not is_whole(element):
        types = [type_of(item) for item in items]
        common = unify(types, safe=False)
        undecided = any(kind == ANY and not is_null(item) for kind, item in zip(types, items, strict=True))
        if common is None or (common == ANY and not undecided and any(kind != ANY for kind in types)):
            raise EvaluationError("all elements must have the same type")
        items = tuple(convert(item, common) for item in items)
    return tuple(convert(item, element) for item in items)


def _common(items: Iterable[Result], source: Type, element: Type) -> Type:
    """The element type that a collection has after its elements were converted."""
    if is_whole(element):
        return settled(element)
    for item in items:
        if is_whole(type_of(item)):
            return type_of(item)
    if isinstance(source, Collection) and element == ANY:
        return source.element
    return settled(element)


def _convert_object(value: Known, target: ObjectType) -> Known:
    if not isinstance(value.data, Mapping):
        raise EvaluationError(mismatch(value.type, target))
    missing = sorted(set(target.attributes) - set(value.data) - target.optional)
    if missing:
        raise EvaluationError(_required(missing))
    attributes: dict[str, Result] = {}
    for name, kind in target.attributes.items():
        if name in value.data:
            try:
                attributes[name] = convert(value.data[name], kind)
            except EvaluationError as error:
                raise EvaluationError(f'attribute "{name}": {error}') from error
        else:
            attributes[name] = Known(settled(kind), None, value.trace)
    return object_of(attributes, value.trace)


def _required(missing: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in missing]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    if len(quoted) == 2:
        return f"attributes {quoted[0]} and {quoted[1]} are required"
    return f"attributes {', '.join(quoted[:-1])}, and {quoted[-1]} are required"


def _convert_unknown(value: UnknownValue, target: Type) -> Result:
    if value.type != ANY and not convertible(value.type, target):
        raise EvaluationError(mismatch(value.type, target))
    if isinstance(target, Primitive) and isinstance(value.type, Primitive):
        expanded = expand(value)
        if expanded is not value:
            return lift(lambda leaf: _convert(leaf, target), expanded)
        source = value.source or value.type
        if STRING in {source, value.type} and target != STRING and source != ANY:
            # Many texts convert to one number or bool: what it becomes is another question than what it is.
            text = f"to{target.name}({value.subject.text})"
            subject = Subject(f"to{target.name}({value.subject.key})", text)
            return replace(value, type=target, subject=subject, source=None)
        return replace(value, type=target, source=source)
    entries = value.entries
    if entries and isinstance(target, Collection) and target.kind == "map":
        entries = {key: convert(entry, target.element) for key, entry in entries.items()}
    elif entries and isinstance(target, ObjectType):
        kinds = target.attributes
        entries = {key: convert(entry, kinds[key]) for key, entry in entries.items() if key in kinds}
    return replace(value, type=settled(target) if is_whole(target) else target, entries=entries)


def expand(value: Plain) -> Result:
    """An unknown primitive of a finite domain as a choice of known values; anything else unchanged."""
    if not isinstance(value, UnknownValue) or not value.subject.outcomes or not isinstance(value.type, Primitive):
        return value
    outcomes = value.subject.outcomes
    leaves: list[Result] = []
    for outcome in outcomes[:MAX_OUTCOMES]:
        known = from_literal(outcome)
        if known is None:
            return value
        leaves.append(_convert(replace(known, trace=value.trace), value.type) if value.type != ANY else known)
    if len(outcomes) > MAX_OUTCOMES:
        return value
    result = leaves[-1]
    for outcome, leaf in reversed(list(zip(outcomes[:-1], leaves[:-1], strict=True))):
        result = worlds.split(worlds.Atom(value.subject, outcome), leaf, result)
    return result


def settled(kind: Type) -> Type:
    """The type without its marks of optional attributes, which values never carry."""
    if isinstance(kind, Collection):
        return Collection(kind.kind, settled(kind.element))
    if isinstance(kind, TupleType):
        return TupleType(tuple(map(settled, kind.elements)))
    if isinstance(kind, ObjectType):
        return ObjectType({name: settled(kind.attributes[name]) for name in sorted(kind.attributes)})
    return kind


def convertible(source: Type, target: Type, *, safe: bool = False) -> bool:
    """Whether values of `source` can be converted; `safe`: every one of them."""
    if target == ANY or source == target:
        return True
    if source == ANY:
        return not safe
    if isinstance(target, Primitive):
        if not isinstance(source, Primitive):
            return False
        return target == STRING or (not safe and source == STRING)
    if isinstance(target, Collection):
        return _convertible_collection(source, target, safe)
    if isinstance(target, TupleType):
        return (
            isinstance(source, TupleType)
            and len(source.elements) == len(target.elements)
            and all(
                convertible(one, other, safe=safe) for one, other in zip(source.elements, target.elements, strict=True)
            )
        )
    if isinstance(source, ObjectType):
        return all(
            convertible(source.attributes[name], kind, safe=safe)
            if name in source.attributes
            else name in target.optional
            for name, kind in target.attributes.items()
        )
    if isinstance(source, Collection) and source.kind == "map" and not safe:
        return all(convertible(source.element, kind) for kind in target.attributes.values())
    return False


def _convertible_collection(source: Type, target: Collection, safe: bool) -> bool:
    if isinstance(source, Collection):
        if (source.kind == "map") != (target.kind == "map"):
            return False
        if safe and source.kind == "list" and target.kind == "set":
            return False
        return convertible(source.element, target.element, safe=safe)
    if isinstance(source, TupleType) and target.kind != "map":
        kinds: Iterable[Type] = source.elements
    elif isinstance(source, ObjectType) and target.kind == "map":
        kinds = source.attributes.values()
    else:
        return False
    kinds = list(kinds)
    if target.element == ANY:
        return not kinds or unify(kinds, safe=safe) is not None
    return all(convertible(kind, target.element, safe=safe) for kind in kinds)


def mismatch(source: Type, target: Type) -> str:
    """Why `source` is not `target`, in Terraform's words."""
    if isinstance(target, ObjectType) and isinstance(source, ObjectType):
        missing = sorted(set(target.attributes) - set(source.attributes) - target.optional)
        if missing:
            return _required(missing)
        for name, kind in sorted(target.attributes.items()):
            if name in source.attributes and not convertible(source.attributes[name], kind):
                return f'attribute "{name}": {mismatch(source.attributes[name], kind)}'
    article = "an" if show(target)[0] in "aeiou" else "a"
    if isinstance(target, Primitive):
        return f"{article} {show(target)} is required"
    return f"{show(target)} required"


# ---- unification ---------------------------------------------------------------------------------------------------


def unify(types: Sequence[Type], *, safe: bool = True) -> Type | None:
    """The one type that all of `types` convert to, or None."""
    if not types:
        return ANY
    if all(kind == types[0] for kind in types[1:]):
        return types[0]
    shapes = {_shape(kind) for kind in types}
    definite = shapes - {"any"}
    if "any" in shapes and definite & {"list", "set", "map", "tuple", "object"} and len(definite) == 1:
        return ANY
    if definite in ({"list"}, {"set"}, {"map"}):
        element = unify([kind.element for kind in types if isinstance(kind, Collection)], safe=safe)
        return None if element is None else Collection(definite.pop(), element)
    if definite == {"object"}:
        return _unify_objects([kind for kind in types if isinstance(kind, ObjectType)], safe)
    if definite == {"tuple"}:
        return _unify_tuples([kind for kind in types if isinstance(kind, TupleType)], safe)
    if definite in ({"map", "object"}, {"list", "tuple"}):
        found = _unify_as_collections(types, safe)
        if found is not None:
            return found
    if {"object", "tuple"} <= definite:
        return None
    for candidate in sorted(types, key=_generality):
        if all(convertible(kind, candidate, safe=safe) for kind in types):
            return candidate
    return None


def _shape(kind: Type) -> str:
    if isinstance(kind, Collection):
        return kind.kind
    if isinstance(kind, TupleType):
        return "tuple"
    if isinstance(kind, ObjectType):
        return "object"
    return "any" if kind == ANY else "primitive"


def _generality(kind: Type) -> int:
    if kind == STRING:
        return 0
    return {"primitive": 1, "list": 2, "map": 2, "set": 3, "tuple": 4, "object": 4, "any": 5}[_shape(kind)]


def _unify_objects(types: Sequence[ObjectType], safe: bool) -> Type | None:
    names = set(types[0].attributes)
    if any(set(kind.attributes) != names for kind in types):
        return _unify_to_map(types, safe)
    attributes: dict[str, Type] = {}
    for name in sorted(names):
        found = unify([kind.attributes[name] for kind in types], safe=safe)
        if found is None:
            return None
        attributes[name] = found
    return ObjectType(attributes)


def _unify_to_map(types: Sequence[ObjectType], safe: bool) -> Type | None:
    element = unify([kind for one in types for kind in one.attributes.values()], safe=safe)
    return None if element is None else Collection("map", element)


def _unify_tuples(types: Sequence[TupleType], safe: bool) -> Type | None:
    length = len(types[0].elements)
    if any(len(kind.elements) != length for kind in types):
        return _unify_to_list(types, safe)
    elements: list[Type] = []
    for position in range(length):
        found = unify([kind.elements[position] for kind in types], safe=safe)
        if found is None:
            return None
        elements.append(found)
    return TupleType(tuple(elements))


def _unify_to_list(types: Sequence[TupleType], safe: bool) -> Type | None:
    element = unify([kind for one in types for kind in one.elements], safe=safe)
    return None if element is None else Collection("list", element)


def _unify_as_collections(types: Sequence[Type], safe: bool) -> Type | None:
    """Objects beside maps as maps, tuples beside lists as lists."""
    common: Type | None = None
    tuples = [kind for kind in types if isinstance(kind, TupleType)]
    objects = [kind for kind in types if isinstance(kind, ObjectType)]
    common = _unify_to_list(tuples, safe) if tuples else _unify_to_map(objects, safe)
    if common is None:
        return None
    found = unify([common if isinstance(kind, TupleType | ObjectType) else kind for kind in types], safe=safe)
    return found if isinstance(found, Collection) else None


def unified(results: Sequence[Result]) -> tuple[Type | None, tuple[Result, ...]]:
    """The common type of several results and each of them converted to it; (None, results) if there is none.

    What a conditional does with its two branches: null has every type. A result that the common type refuses becomes
    that error, which matters only where it is the one that is taken.
    """
    types = [
        type_of(result)
        for result in results
        if not (isinstance(result, Known) and result.data is None and result.type == ANY)
    ]
    common = unify(types) if types else ANY
    if common is None:
        return None, tuple(results)
    return common, tuple(_converted_or_failed(result, common) for result in results)


def _converted_or_failed(result: Result, target: Type) -> Result:
    try:
        return convert(result, target)
    except EvaluationError as error:
        return failure(error)


__all__ = [
    "convert",
    "convertible",
    "expand",
    "is_whole",
    "literal",
    "mismatch",
    "settled",
    "show",
    "unified",
    "unify",
]
