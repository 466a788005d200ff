"""Type conversion and unification, as https://github.com/zclconf/go-cty/blob/main/docs/convert.md describes them.

Part of the stage "resolve": functions, operators, conditionals and variables convert through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cognito_lint import worlds
from cognito_lint.terraform import numbers, sets
from cognito_lint.terraform.identities import NamedSite, derived
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, Primitive, TupleType, Type
from cognito_lint.terraform.unification import (
    ABSENT,
    convertible,
    is_whole,
    mismatch,
    required,
    settled,
    unify,
)
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    boolean,
    children,
    failure,
    from_literal,
    is_null,
    is_wholly_known,
    lift,
    list_of,
    map_of,
    number,
    object_of,
    string,
    tuple_of,
    type_of,
)
from cognito_lint.worlds import Subject

MAX_OUTCOMES = 64


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
        return Known(_filled(settled(target), value.type), None, value.trace)
    if value.data in ((), {}) and not convertible(value.type, target):
        raise EvaluationError(mismatch(value.type, target))
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
    if target.kind == "list" and sets.is_blurred(value):
        return derived(settled(target), "list of", (value,), NamedSite("", "the elements of a set"))
    items = _elements(value.data, target.element)
    element = _common(items, value.type, target.element)
    if target.kind == "list":
        return list_of(items, element, value.trace)
    return sets.set_of(items, element, value.trace)


def _elements(items: Sequence[Result], element: Type) -> tuple[Result, ...]:
    if is_whole(element):
        return tuple(convert(item, element) for item in items)
    types = [type_of(item) for item in items]
    common = unify(types, safe=False)
    undecided = any(kind == ANY and not is_null(item) for kind, item in zip(types, items, strict=True))
    if common is None or (common == ANY and not undecided and any(kind != ANY for kind in types)):
        raise EvaluationError("all elements must have the same type")
    converted = tuple(convert(convert(item, common), element) for item in items)
    if not is_whole(common) and all(map(is_wholly_known, converted)):
        kinds = list(map(type_of, converted))
        if any(kind != kinds[0] for kind in kinds):
            raise EvaluationError("all elements must have the same type")
    return converted


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
        raise EvaluationError(required(missing))
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


def _convert_unknown(value: UnknownValue, target: Type) -> Result:
    if value.type != ANY and not convertible(value.type, target):
        raise EvaluationError(mismatch(value.type, target))
    if isinstance(target, Primitive) and isinstance(value.type, Primitive):
        expanded = expand(value)
        if expanded is not value:
            return lift(lambda leaf: _convert(leaf, target), expanded)
        source = value.source or value.type
        if STRING in {source, value.type} and target not in {STRING, source} and source != ANY:
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
    kind = settled(target) if is_whole(target) else _filled(target, value.type)
    if kind == value.type:
        return value
    subject = value.subject
    if _is_set(value.type) and not _is_set(kind):  # what the elements were before they became a set is lost
        subject = Subject(f"set {subject.key}", subject.text)
    # an object's attributes are converted each in its own way, and those that it leaves out are added
    element = value.element if isinstance(kind, Collection) else None
    return replace(
        value, type=kind, subject=subject, entries=entries, source=value.source or value.type, element=element
    )


def _filled(target: Type, source: Type) -> Type:
    """The target with the types of the source where it leaves them open."""
    if target == ANY:
        return source
    if isinstance(target, Collection) and isinstance(source, Collection):
        return Collection(target.kind, _filled(target.element, source.element))
    return target


def _is_set(kind: Type) -> bool:
    return isinstance(kind, Collection) and kind.kind == "set"


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


def unified(results: Sequence[Result]) -> tuple[Type | None, tuple[Result, ...]]:
    """The common type of several results and each of them converted to it; (None, results) if there is none.

    What a conditional does with its two branches: null has every type. A result that the common type refuses becomes
    that error, which matters only where it is the one that is taken.
    """
    common = unify([kind for kind in map(_measured, results) if kind != ABSENT], safe=False)
    if common is None:
        return None, tuple(results)
    return common, tuple(_converted_or_failed(result, common) for result in results)


def _measured(result: Result) -> Type:
    """The type of a result, in which ABSENT stands for the type of what is not there."""
    kind = type_of(result)
    if is_whole(kind) or not isinstance(result, Known):
        return kind
    if result.data is None:
        return ABSENT if kind == ANY else kind
    if isinstance(kind, TupleType):
        return TupleType(tuple(map(_measured, children(result))))
    if isinstance(kind, ObjectType) and isinstance(result.data, Mapping):
        return ObjectType({name: _measured(value) for name, value in result.data.items()})
    if isinstance(kind, Collection) and kind.element == ANY and not children(result):
        return Collection(kind.kind, ABSENT)
    return kind


def _converted_or_failed(result: Result, target: Type) -> Result:
    try:
        return convert(result, target)
    except EvaluationError as error:
        return failure(error)
