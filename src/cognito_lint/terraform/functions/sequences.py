"""Functions of lists, tuples and sets. They look at the structure: an element that is not known blurs no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cognito_lint import worlds
from cognito_lint.terraform import numbers
from cognito_lint.terraform.conversion import expand, unified
from cognito_lint.terraform.equality import equals
from cognito_lint.terraform.functions.base import (
    LIST_OF_ANY,
    MAX_ELEMENTS,
    Context,
    Function,
    Parameter,
    invalid,
    items,
    kind_of,
    parameters,
    unknown,
)
from cognito_lint.terraform.functions.flattening import flatten
from cognito_lint.terraform.functions.graphemes import grapheme_count
from cognito_lint.terraform.functions.members import Members
from cognito_lint.terraform.identities import answer, derived
from cognito_lint.terraform.operators import truth
from cognito_lint.terraform.sets import is_blurred, size_of_set
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    failure,
    lift,
    list_of,
    null,
    number,
    string,
    tuple_of,
    type_of,
)
from cognito_lint.worlds import Choice

MAX_RANGE = 1_024


def _sequence(value: Plain, parameter: str, *kinds: str) -> Known:
    if kind_of(value) not in kinds or not isinstance(value, Known):
        raise invalid(f"{parameter}", f"must be a {' or a '.join(kinds)}")
    return value


def _whole_number(value: Plain, parameter: str) -> int:
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, bool) or not isinstance(data, int):
        raise invalid(f"{parameter}", "value must be a whole number")
    return data


def length(context: Context, value: Plain) -> Result:
    """`length(value)`."""
    kind = kind_of(value)
    if isinstance(value.type, TupleType):
        return number(len(value.type.elements))
    if isinstance(value.type, ObjectType):
        return number(len(value.type.attributes))
    if kind in {"number", "bool"}:
        raise invalid("value", "argument must be a string, a collection type, or a structural type")
    if isinstance(value, UnknownValue):
        return unknown(context, NUMBER, "length", (value,))
    if is_blurred(value):
        return size_of_set(value, context.site)
    if isinstance(value.data, str):
        return number(grapheme_count(value.data))
    if isinstance(value.data, tuple | Mapping):
        return number(len(value.data))
    raise invalid("value", "argument must not be null")


def contains(context: Context, collection: Plain, value: Plain) -> Result:
    """`contains(list, value)`: true as soon as one element is sure to be it."""
    found: Choice[bool] = False
    compared = 0
    for item in items(_sequence(collection, "list", "list", "tuple", "set")):
        compared += 1
        found = worlds.either(found, equals(item, value, context.site))
        if found is True:
            break
    context.compared(compared)
    return answer(found)


def index(context: Context, collection: Plain, value: Plain) -> Result:
    """`index(list, value)`: the first place of the value."""
    elements = items(_sequence(collection, "list", "list", "tuple"))
    if not elements:
        raise EvaluationError("cannot search an empty list")
    hits = []
    for position, item in enumerate(elements):
        hit = equals(item, value, context.site)
        hits.append((position, hit))
        if hit is True:
            break
    context.compared(len(hits))
    error = EvaluationError("item not found")
    if all(hit is False for _, hit in hits):
        raise error
    result: Result = failure(error)
    for position, hit in reversed(hits):
        result = worlds.choose(hit, lambda place=position: number(place), lambda rest=result: rest)  # type: ignore[misc]
    return result


def element(context: Context, collection: Plain, place: Plain) -> Result:
    """`element(list, index)`: wraps around. A negative index counts from the end, as Terraform 1.12 has it."""
    elements = items(_sequence(collection, "list", "list", "tuple"))
    if isinstance(place, UnknownValue):
        expanded = expand(place)
        if expanded is not place:
            return lift(lambda known: element(context, collection, known), expanded)
        return unknown(context, _common(elements), "element", (collection, place), nullable=True)
    position = _whole_number(place, "index")
    if not elements:
        raise EvaluationError("cannot use element function with an empty list")
    return elements[position % len(elements)]


def _common(elements: Sequence[Result]) -> Type:
    types = {str(type_of(item)): type_of(item) for item in elements}
    return next(iter(types.values())) if len(types) == 1 else ANY


def one(context: Context, collection: Plain) -> Result:
    """`one(list)`: the only element, or null."""
    elements = items(_sequence(collection, "list", "list", "set", "tuple"))
    if is_blurred(collection):
        return unknown(context, _common(elements), "one", (collection,), nullable=True)
    if len(elements) > 1:
        raise invalid("list", "must be a list, set, or tuple value with either zero or one elements")
    if elements:
        return elements[0]
    return null(collection.type.element if isinstance(collection.type, Collection) else ANY)


def concat(_: Context, *sequences: Plain) -> Result:
    """`concat(lists…)`: a list if all are lists, else a tuple."""
    if not sequences:
        raise EvaluationError("at least one argument is required")
    elements = [item for value in sequences for item in items(_sequence(value, "seqs", "list", "tuple"))]
    _refuse_size(len(elements))
    if len(sequences) == 1:
        return sequences[0]
    if all(isinstance(value.type, Collection) for value in sequences):
        common, lists = unified(sequences)
        known = [value for value in lists if isinstance(value, Known)]
        if isinstance(common, Collection) and len(known) == len(lists):
            return list_of((item for value in known for item in items(value)), common.element)
    return tuple_of(elements)


def reverse(_: Context, collection: Plain) -> Result:
    """`reverse(list)`."""
    value = _sequence(collection, "list", "list", "tuple", "set")
    turned = tuple(reversed(items(value)))
    if isinstance(value.type, Collection):
        return list_of(turned, value.type.element)
    return tuple_of(turned)


def slice_(_: Context, collection: Plain, start: Plain, end: Plain) -> Result:
    """`slice(list, start, end)`."""
    if kind_of(collection) == "set":
        raise invalid("list", "cannot slice a set, because its elements do not have indices")
    value = _sequence(collection, "list", "list", "tuple")
    first, last = _whole_number(start, "start_index"), _whole_number(end, "end_index")
    if first < 0:
        raise invalid("start_index", "start index must not be less than zero")
    if last > len(items(value)):
        raise invalid("end_index", "end index must not be greater than the length of the list")
    if first > last:
        raise invalid("start_index", "start index must not be greater than end index")
    taken = items(value)[first:last]
    return list_of(taken, value.type.element) if isinstance(value.type, Collection) else tuple_of(taken)


def chunklist(_: Context, collection: Plain, size: Plain) -> Result:
    """`chunklist(list, size)`."""
    value = _sequence(collection, "list", "list")
    width = _whole_number(size, "size")
    if width < 0:
        raise invalid("size", "the size argument must be positive")
    elements = items(value)
    width = width or len(elements)
    chunks = [replace(value, data=elements[at : at + width]) for at in range(0, len(elements), width or 1)]
    return list_of(chunks, value.type)


def coalescelist(context: Context, *lists: Plain) -> Result:
    """`coalescelist(lists…)`: the first that is not empty."""
    if not lists:
        raise EvaluationError("at least one argument is required")
    for value in lists:
        if kind_of(value) not in {"list", "tuple"} and not (isinstance(value, UnknownValue) and value.type == ANY):
            raise EvaluationError("coalescelist arguments must be lists or tuples")
    for value in lists:
        if isinstance(value, UnknownValue):
            return unknown(context, ANY, "coalescelist", lists)
        if value.data is not None and items(value):
            return value
    raise EvaluationError("no non-null arguments")


def distinct(context: Context, collection: Plain) -> Result:
    """`distinct(list)`: the first of equal elements."""
    assert isinstance(collection.type, Collection)  # noqa: S101 - the parameter's type
    unique: list[Result] = []
    members = Members(context, collection.type.element)
    for item in items(collection):
        seen = members.have(item)
        if seen is not True and seen is not False:
            return unknown(context, collection.type, "distinct", (collection,))
        if seen is False:
            unique.append(item)
            members.add(item)
    return list_of(unique, collection.type.element)


def compact(_: Context, collection: Plain) -> Result:
    """`compact(list)`: without null and empty strings."""
    return list_of((item for item in items(collection) if isinstance(item, Known) and item.data), STRING)


def sort(context: Context, collection: Plain) -> Result:
    """`sort(list)`: strings by their bytes."""
    if isinstance(collection, UnknownValue):
        return unknown(context, _STRINGS, "sort", (collection,))
    elements = items(collection)
    texts = [item.data for item in elements if isinstance(item, Known)]
    if any(text is None for text in texts):
        raise EvaluationError("given list element is null; a null string cannot be sorted")
    if len(texts) < len(elements):
        places = map(number, range(len(elements)))
        return list_of((derived(STRING, "sort", (collection, place), context.site) for place in places), STRING)
    return list_of(map(string, sorted(str(text) for text in texts)), STRING)


def matchkeys(context: Context, values: Plain, keys: Plain, searched: Plain) -> Result:
    """`matchkeys(values, keys, searchset)`."""
    if len(items(values)) != len(items(keys)):
        raise EvaluationError("length of keys and values should be equal")
    common, (*converted,) = unified((*items(keys), *items(searched)))
    wanted = Members(context, common or ANY, converted[len(items(keys)) :])
    found: list[Result] = []
    for key, value in zip(converted, items(values), strict=False):
        hit = wanted.have(key)
        if hit is not True and hit is not False:
            return unknown(context, values.type, "matchkeys", (values, keys, searched))
        if hit is True:
            found.append(value)
    assert isinstance(values.type, Collection)  # noqa: S101 - the parameter's type
    return list_of(found, values.type.element)


def _truths(collection: Plain) -> list[Choice[bool]]:
    """null counts as false."""
    return [
        worlds.lift(lambda leaf: False if isinstance(leaf, Known) and leaf.data is None else truth(leaf), item)
        for item in items(collection)
    ]


def alltrue(_: Context, collection: Plain) -> Result:
    """`alltrue(list)`."""
    every: Choice[bool] = True
    for one_truth in _truths(collection):
        every = worlds.both(every, one_truth)
    return answer(every)


def anytrue(_: Context, collection: Plain) -> Result:
    """`anytrue(list)`."""
    some: Choice[bool] = False
    for one_truth in _truths(collection):
        some = worlds.either(some, one_truth)
    return answer(some)


def range_(_: Context, *limits: Plain) -> Result:
    """`range(end)`, `range(start, end)`, `range(start, end, step)`."""
    given = [limit.data for limit in limits if isinstance(limit, Known)]
    bounds: list[int | Decimal] = [data for data in given if isinstance(data, int | Decimal)]
    if not 1 <= len(bounds) <= 3:
        raise EvaluationError("must have one, two, or three arguments")
    start, end = (0, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])
    step: int | Decimal = bounds[2] if len(bounds) == 3 else (1 if start <= end else -1)
    if step == 0:
        raise invalid("step", "step must not be zero")
    if start < end and step < 0:
        raise invalid("end", "end must be less than start when step is negative")
    if start > end and step > 0:
        raise invalid("end", "end must be greater than start when step is positive")
    produced: list[Result] = []
    current = start
    while current < end if step > 0 else current > end:
        if len(produced) >= MAX_RANGE:
            raise EvaluationError("more than 1024 values were generated")
        produced.append(number(current))
        current = numbers.add(current, step)
    return list_of(produced, NUMBER)


def _refuse_size(count: int) -> None:
    if count > MAX_ELEMENTS:
        raise BoundError(f"a collection has more than the bound of {MAX_ELEMENTS:,} elements")


def list_function(_: Context, *__: Plain) -> Result:
    """`list(…)` of Terraform 0.11."""
    raise EvaluationError('the "list" function is no longer available; write tolist([ ... ])')


_BOOLS = Collection("list", BOOL)
_STRINGS = Collection("list", STRING)
_SHALLOW = Parameter("list", ANY, shallow=True)
_NUMBER: Callable[[str], Parameter] = lambda name: Parameter(name, NUMBER)  # noqa: E731

FUNCTIONS: Mapping[str, Function] = {
    "alltrue": Function(alltrue, parameters("list", of=_BOOLS, shallow=True), BOOL),
    "anytrue": Function(anytrue, parameters("list", of=_BOOLS, shallow=True), BOOL),
    "chunklist": Function(chunklist, (Parameter("list", LIST_OF_ANY, shallow=True), _NUMBER("size"))),
    "coalescelist": Function(coalescelist, (), variadic=Parameter("vals", ANY, null=True, shallow=True, unknown=True)),
    "compact": Function(compact, parameters("list", of=_STRINGS), _STRINGS),
    "concat": Function(concat, (), variadic=Parameter("seqs", ANY, shallow=True)),
    "contains": Function(contains, (_SHALLOW, Parameter("value", ANY, shallow=True, unknown=True)), BOOL),
    "distinct": Function(distinct, parameters("list", of=LIST_OF_ANY, shallow=True)),
    "element": Function(element, (_SHALLOW, Parameter("index", NUMBER, unknown=True)), nullable=True),
    "flatten": Function(flatten, (_SHALLOW,)),
    "index": Function(index, (_SHALLOW, Parameter("value", ANY, shallow=True, unknown=True)), NUMBER),
    "length": Function(length, (Parameter("value", ANY, shallow=True, unknown=True),), NUMBER),
    "list": Function(list_function, (), variadic=Parameter("vals", ANY, null=True)),
    "matchkeys": Function(
        matchkeys,
        (
            Parameter("values", LIST_OF_ANY, shallow=True),
            Parameter("keys", LIST_OF_ANY, shallow=True),
            Parameter("searchset", LIST_OF_ANY, shallow=True),
        ),
    ),
    "one": Function(one, (_SHALLOW,), nullable=True),
    "range": Function(range_, (), Collection("list", NUMBER), variadic=_NUMBER("params")),
    "reverse": Function(reverse, (_SHALLOW,)),
    "slice": Function(slice_, (_SHALLOW, _NUMBER("start_index"), _NUMBER("end_index"))),
    "sort": Function(sort, (Parameter("list", _STRINGS, unknown=True),), _STRINGS),
}
