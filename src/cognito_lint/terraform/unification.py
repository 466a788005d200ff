"""What types alone say: which convert to which, and which one type several have in common.

https://github.com/zclconf/go-cty/blob/main/docs/convert.md. Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cognito_lint.terraform.types import ANY, STRING, Collection, ObjectType, Primitive, TupleType, Type

ABSENT = Primitive("absent")
"""What stands for the type of a thing that is not there, a null without a type or the elements of an empty list: unlike
`any`, which may turn out to be any type, it takes part in no decision between primitive types. Never a value's type."""


def show(kind: Type) -> str:
    """The type as Terraform's messages name it."""
    if isinstance(kind, Primitive):
        return "dynamic" if kind == ANY else kind.name
    if isinstance(kind, Collection):
        return f"{kind.kind} of {show(kind.element)}"
    return "tuple" if isinstance(kind, TupleType) else "object"


def is_whole(kind: Type) -> bool:
    """Whether the type holds no `any`."""
    if isinstance(kind, Primitive):
        return kind != ANY
    if isinstance(kind, Collection):
        return is_whole(kind.element)
    parts = kind.elements if isinstance(kind, TupleType) else kind.attributes.values()
    return all(map(is_whole, parts))


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
            return required(missing)
        for name, kind in sorted(target.attributes.items()):
            if name in source.attributes and not convertible(source.attributes[name], kind):
                return f'attribute "{name}": {mismatch(source.attributes[name], kind)}'
    article = "an" if show(target)[0] in "aeiou" else "a"
    if isinstance(target, Primitive):
        return f"{article} {show(target)} is required"
    return f"{show(target)} required"


def required(missing: Sequence[str]) -> str:
    """The message for attributes that an object lacks."""
    quoted = [f'"{name}"' for name in missing]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    if len(quoted) == 2:
        return f"attributes {quoted[0]} and {quoted[1]} are required"
    return f"attributes {', '.join(quoted[:-1])}, and {quoted[-1]} are required"


def unify(types: Sequence[Type], *, safe: bool = True) -> Type | None:
    """The one type that all of `types` convert to, or None."""
    found = _unify(types, safe)
    return None if found is None else _without_absent(found)


def _unify(types: Sequence[Type], safe: bool) -> Type | None:
    if not types:
        return ABSENT
    if all(kind == types[0] for kind in types[1:]):
        return types[0]
    present = [kind for kind in types if kind != ABSENT]
    if len(present) == len(types):
        return _unify_shapes(types, safe)
    if all(isinstance(kind, Primitive) and kind != ANY for kind in present):
        return _unify(present, safe)
    return _unify_shapes([ANY if kind == ABSENT else kind for kind in types], safe)


def _unify_shapes(types: Sequence[Type], safe: bool) -> Type | None:
    shapes = {_shape(kind) for kind in types}
    definite = shapes - {"any"}
    if "any" in shapes and definite & {"list", "set", "map", "tuple", "object"} and len(definite) == 1:
        return ANY
    if definite in ({"list"}, {"set"}, {"map"}):
        element = _unify([kind.element for kind in types if isinstance(kind, Collection)], safe)
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
    types = [_without_absent(kind) for kind in types]
    for candidate in sorted(types, key=_generality):
        if all(convertible(kind, candidate, safe=safe) for kind in types):
            return candidate
    # what is not known in them may make them alike, unless they are of different kinds altogether
    return ANY if not all(map(is_whole, types)) and any(definite <= family for family in _FAMILIES) else None


def _without_absent(kind: Type) -> Type:
    if isinstance(kind, Collection):
        return Collection(kind.kind, _without_absent(kind.element))
    if isinstance(kind, TupleType):
        return TupleType(tuple(map(_without_absent, kind.elements)))
    if isinstance(kind, ObjectType):
        return ObjectType({name: _without_absent(one) for name, one in kind.attributes.items()}, kind.optional)
    return ANY if kind == ABSENT else kind


_FAMILIES = (frozenset({"list", "set", "tuple"}), frozenset({"map", "object"}), frozenset({"primitive"}))


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
        found = _unify([kind.attributes[name] for kind in types], safe)
        if found is None:
            return None
        attributes[name] = found
    return ObjectType(attributes)


def _unify_to_map(types: Sequence[ObjectType], safe: bool) -> Type | None:
    element = _unify([kind for one in types for kind in one.attributes.values()], safe)
    return None if element is None else Collection("map", element)


def _unify_tuples(types: Sequence[TupleType], safe: bool) -> Type | None:
    length = len(types[0].elements)
    if any(len(kind.elements) != length for kind in types):
        return _unify_to_list(types, safe)
    elements: list[Type] = []
    for position in range(length):
        found = _unify([kind.elements[position] for kind in types], safe)
        if found is None:
            return None
        elements.append(found)
    return TupleType(tuple(elements))


def _unify_to_list(types: Sequence[TupleType], safe: bool) -> Type | None:
    element = _unify([kind for one in types for kind in one.elements], safe)
    return None if element is None else Collection("list", element)


def _unify_as_collections(types: Sequence[Type], safe: bool) -> Type | None:
    """Objects beside maps as maps, tuples beside lists as lists."""
    common: Type | None = None
    tuples = [kind for kind in types if isinstance(kind, TupleType)]
    objects = [kind for kind in types if isinstance(kind, ObjectType)]
    common = _unify_to_list(tuples, safe) if tuples else _unify_to_map(objects, safe)
    if common is None:
        return None
    found = _unify([common if isinstance(kind, TupleType | ObjectType) else kind for kind in types], safe)
    return found if isinstance(found, Collection) else None
