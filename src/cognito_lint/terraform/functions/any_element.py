"""What functions that take and give collections make of any element of one that is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from cognito_lint import worlds
from cognito_lint.terraform.elements import Element, any_of, at, is_sequence
from cognito_lint.terraform.functions.base import Context
from cognito_lint.terraform.identities import Site, derived, question, text_of
from cognito_lint.terraform.types import ANY, NUMBER
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    failure,
    leaves,
    null,
    number,
    string,
    tuple_of,
)
from cognito_lint.worlds import Choice

MAX_ELEMENTS = 32
_STEPS = 20
_Of: TypeAlias = Callable[[str, Sequence[Plain], Site], Element]


def with_element(function: str, arguments: Sequence[Plain], result: Result, context: Context) -> Result:
    """The result of a function: of one that takes an element out of a collection what is known of that, and of one that
    makes a collection which is not known what is known of any of its elements."""
    if not isinstance(result, UnknownValue) or result.error or result.bound:
        return result
    if function in _TAKEN:
        return _TAKEN[function](result, arguments, context.site)
    of = _OF.get(function)
    if of is None:
        return result

    def element(name: str) -> Element:
        context.spend(_STEPS)  # each product of a collection with itself doubles what there is to do
        return of(name, arguments, context.site)

    entries = result.entries or {} if function in _MAPS else result.entries
    return replace(result, element=element, entries=entries)


def _element(result: UnknownValue, arguments: Sequence[Plain], _: Site) -> Result:
    """`element(list, place)`, which is `list[place]` where there is that."""
    collection, place = arguments
    one = at(collection, place) if isinstance(collection, UnknownValue) else None
    return result if one is None else _or_else(one.included, one, failure(EvaluationError("there is no element")))


def _one(result: UnknownValue, arguments: Sequence[Plain], site: Site) -> Result:
    """`one(list)`: null where it is empty."""
    return _if_there(result, arguments[0], number(0), null(), site)


def _lookup(result: UnknownValue, arguments: Sequence[Plain], site: Site) -> Result:
    """`lookup(map, key, default)`: an error where there is neither."""
    collection, key, *defaults = arguments
    default = defaults[0] if defaults else failure(EvaluationError("lookup failed to find the key"))
    return _if_there(result, collection, key, default, site)


def _if_there(result: UnknownValue, collection: Plain, key: Plain, default: Plain, site: Site) -> Result:
    one = at(collection, key) if isinstance(collection, UnknownValue) else None
    if one is None:
        return result
    there = question("element", (collection, key), site, f"there is an element for {text_of(site)}")
    return _or_else(worlds.both(one.included, there), one, default)


def _or_else(there: Choice[bool], one: Element, default: Plain) -> Result:
    return worlds.lift(lambda truth, value: value if truth else default, there, one.value)


def _same(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    """The elements of the first argument, or some of them, in other places."""
    return _moved(_any(arguments[0], name, site), name, site)


def _keys(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    one = _any(arguments[0], name, site)
    return Element(_place(name, site), one.key, one.included, (one,))


def _zipmap(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    keys, values = (_any(argument, f"{name} {place}", site) for place, argument in enumerate(arguments))
    return Element(keys.value, values.value, worlds.both(keys.included, values.included), (keys, values))


def _setproduct(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    chosen = [_any(argument, f"{name} {place}", site) for place, argument in enumerate(arguments)]
    included: Choice[bool] = True
    for one in chosen:
        included = worlds.both(included, one.included)
    return _moved(Element(number(0), tuple_of(one.value for one in chosen), included, tuple(chosen)), name, site)


def _union(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    """The elements of all arguments."""
    return _one_of([one for argument in arguments for one in _all(argument, name, site)], name, site)


def _converted_union(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    """The elements of all arguments, converted to one type. Raises BoundError where they have several."""
    one = _union(name, arguments, site)
    if len({str(leaf.type) for leaf in leaves(one.value)} - {str(ANY)}) > 1:
        raise BoundError("its elements have several types")
    return one


def _flatten(name: str, arguments: Sequence[Plain], site: Site) -> Element:
    return _moved(_flat(_any(arguments[0], name, site), name, site), name, site)


def _flat(one: Element, name: str, site: Site) -> Element:
    """The element, or any of its own if it is a sequence."""
    inside = f"{name} inside"

    def within(value: Plain) -> Choice[Element]:
        if not is_sequence(value):
            return replace(one, value=value)
        inner = _flat(_any(value, inside, site), inside, site)
        return Element(inner.key, inner.value, worlds.both(one.included, inner.included), (inner, one))

    return _settled(worlds.lift(within, one.value))


def _any(collection: Plain, name: str, site: Site) -> Element:
    return _one_of(list(_all(collection, name, site)), name, site)


def _all(collection: Plain, name: str, site: Site) -> Iterator[Element]:
    """Each element that is known, or any."""
    if isinstance(collection, UnknownValue):
        yield any_of(collection, name, site)
    elif isinstance(collection.data, Mapping):
        yield from (Element(string(key), value) for key, value in collection.data.items())
    elif isinstance(collection.data, tuple):
        yield from (Element(number(place), value) for place, value in enumerate(collection.data))


def _one_of(found: Sequence[Element], name: str, site: Site) -> Element:
    """One of several, and nobody knows which. Raises BoundError."""
    if not 0 < len(found) <= MAX_ELEMENTS:
        raise BoundError(f"any of more than {MAX_ELEMENTS} elements, or of none")
    chosen: Choice[Element] = found[-1]
    for place, one in enumerate(found[:-1]):
        text = f"it is about element {place} of {text_of(site)}"
        question = worlds.boolean(f"{name} is {place} of {site.key}", text)
        chosen = worlds.choose(worlds.holds(question, "true"), lambda one=one: one, lambda rest=chosen: rest)  # type: ignore[misc]
    return _settled(chosen)


def _settled(choice: Choice[Element]) -> Element:
    """A choice of elements as one whose parts are choices."""
    if isinstance(choice, Element):
        return choice
    key: Result = worlds.lift(lambda one: one.key, choice)
    value: Result = worlds.lift(lambda one: one.value, choice)
    return Element(key, value, worlds.lift(lambda one: one.included, choice))


def _moved(one: Element, name: str, site: Site) -> Element:
    """The element in another place, which nobody knows."""
    return Element(_place(name, site), one.value, one.included, (one,))


def _place(name: str, site: Site) -> Result:
    return derived(NUMBER, f"{name} place {site.key}", (), site, reason="it is any element")


_MAPS = frozenset({"merge", "zipmap"})
_TAKEN: Mapping[str, Callable[[UnknownValue, Sequence[Plain], Site], Result]] = {
    "element": _element,
    "lookup": _lookup,
    "one": _one,
}
_OF: Mapping[str, _Of] = {
    **dict.fromkeys(("compact", "distinct", "matchkeys", "reverse", "setintersection", "setsubtract"), _same),
    **dict.fromkeys(("slice", "sort", "values"), _same),
    **dict.fromkeys(("coalescelist", "merge"), _union),
    **dict.fromkeys(("concat", "setsymmetricdifference", "setunion"), _converted_union),
    "flatten": _flatten,
    "keys": _keys,
    "setproduct": _setproduct,
    "zipmap": _zipmap,
}
