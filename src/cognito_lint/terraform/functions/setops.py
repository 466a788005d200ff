"""Set operations."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.functions.base import (
    MAX_ELEMENTS,
    SET_OF_ANY,
    Context,
    Function,
    Implementation,
    Parameter,
    invalid,
    items,
    parameters,
    unknown,
)
from cognito_lint.terraform.functions.members import Members
from cognito_lint.terraform.sets import set_of
from cognito_lint.terraform.types import ANY, Collection, TupleType, Type
from cognito_lint.terraform.unification import ABSENT, is_whole, unify
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    list_of,
    tuple_of,
    type_of,
)


def _operation(name: str, keep: Callable[[bool, bool], bool]) -> Implementation:
    """Elements of any set that `keep` keeps: it is told whether the first set and the next have them."""

    def implementation(context: Context, *sets: Plain) -> Result:
        element = unify([kind for kind in map(_element, sets) if kind != ABSENT], safe=False)
        if element is None:
            raise EvaluationError("given sets must all have compatible element types")
        converted = [convert(one, Collection("set", element)) for one in sets]
        kept = list(items_of(converted[0]))
        for other in map(items_of, converted[1:]):
            ours, theirs = Members(context, element, kept), Members(context, element, other)
            every = [*kept, *(item for item in other if ours.have(item) is not True)]
            kept = [item for item in every if keep(ours.have(item) is True, theirs.have(item) is True)]
        return set_of(kept, element)

    implementation.__name__ = name
    return implementation


def _element(one: Plain) -> Type:
    """The type of a set's elements; ABSENT where it is empty and may become any set."""
    kind = one.type.element if isinstance(one.type, Collection) else ANY
    return ABSENT if kind == ANY and isinstance(one, Known) and not one.data else kind


def _united(sets: Sequence[Plain]) -> Type:
    """The type of what becomes of sets, where it does not wait for one that is not known."""
    kinds = [kind for kind in map(_element, sets) if kind != ABSENT]
    element = unify(kinds, safe=False) if kinds and all(map(is_whole, kinds)) else None
    return SET_OF_ANY if element is None else Collection("set", element)


def items_of(result: Result) -> tuple[Result, ...]:
    """The elements of a set that was converted."""
    return result.data if isinstance(result, Known) and isinstance(result.data, tuple) else ()


def setproduct(context: Context, *collections: Plain) -> Result:
    """`setproduct(sets…)`: a list of tuples, or a set of them where an argument is a set."""
    if len(collections) < 2:
        raise EvaluationError("at least two arguments are required")
    element_types = []
    ordered = True
    for one in collections:
        if isinstance(one.type, TupleType):
            common = unify(one.type.elements, safe=False)
            if common is None:
                raise invalid("sets", "all elements must be of the same type")
            element_types.append(common)
        elif isinstance(one.type, Collection) and one.type.kind != "map":
            ordered = ordered and one.type.kind == "list"
            element_types.append(one.type.element)
        else:
            raise invalid("sets", "a set or a list is required")
    if any(isinstance(one, UnknownValue) for one in collections):
        product = Collection("list" if ordered else "set", TupleType(tuple(element_types)))
        return unknown(context, product, "setproduct", collections)
    if math.prod(len(items(one)) for one in collections) * len(collections) > MAX_ELEMENTS:
        raise BoundError(f"a collection has more than the bound of {MAX_ELEMENTS:,} elements")
    converted = [
        [convert(item, kind) for item in items(one)] for one, kind in zip(collections, element_types, strict=True)
    ]
    tuples = [tuple_of(chosen) for chosen in itertools.product(*converted)]
    tuple_type = TupleType(tuple(element_types))
    if ordered:
        return list_of(tuples, type_of(tuples[0]) if tuples else tuple_type)
    return set_of(tuples, tuple_type)


_FIRST = parameters("first_set", of=SET_OF_ANY)
_OTHERS = Parameter("other_sets", SET_OF_ANY)
FUNCTIONS: Mapping[str, Function] = {
    "setintersection": Function(
        _operation("setintersection", lambda ours, theirs: ours and theirs), _FIRST, _united, variadic=_OTHERS
    ),
    "setproduct": Function(setproduct, (), variadic=Parameter("sets", ANY, shallow=True)),
    "setsubtract": Function(
        _operation("setsubtract", lambda ours, theirs: ours and not theirs),
        parameters("a", "b", of=SET_OF_ANY),
        _united,
    ),
    "setunion": Function(
        _operation("setunion", lambda ours, theirs: ours or theirs), _FIRST, _united, variadic=_OTHERS
    ),
}
