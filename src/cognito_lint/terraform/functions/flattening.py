"""`flatten`: what is not decided about one element blurs the others only where the shape of the result hangs on it."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_lint.terraform.functions.base import Context, invalid, items, kind_of, unknown
from cognito_lint.terraform.sets import is_blurred
from cognito_lint.terraform.types import ANY
from cognito_lint.terraform.values import Known, Plain, Result, UnknownValue, leaves, lift, tuple_of


def flatten(context: Context, collection: Plain) -> Result:
    """`flatten(list)`: lists in lists, to any depth."""
    if kind_of(collection) not in {"list", "tuple", "set"}:
        raise invalid("list", "can only flatten lists, sets and tuples")
    if is_blurred(collection):
        return unknown(context, ANY, "flatten", (collection,))

    def walk(elements: Sequence[Result]) -> Result:
        """The flat elements as a tuple: a choice where an element may be a list or not, or lists differ in length."""
        flat: list[Result] = []
        for place, item in enumerate(elements):
            nested = any(_may_be_sequence(leaf) for leaf in leaves(item))
            if not nested:
                flat.append(item)
            elif isinstance(item, Known) and not is_blurred(item):
                flat.extend(items_of(walk(items(item))))
            else:
                raise _UndecidedShapeError(place)
        return tuple_of(flat)

    def items_of(result: Result) -> Sequence[Result]:
        return items(result) if isinstance(result, Known) else ()

    try:
        return walk(items(collection))
    except _UndecidedShapeError:
        return lift(lambda value: _flatten_whole(context, value), _shallow_worlds(collection))


class _UndecidedShapeError(Exception):
    pass


def _may_be_sequence(value: Plain) -> bool:
    if isinstance(value, UnknownValue):
        if value.entries is not None:  # an object, such as a resource
            return False
        return value.type == ANY or kind_of(value) in {"list", "tuple", "set"}
    return isinstance(value.data, tuple)


def _shallow_worlds(value: Plain, depth: int = 0) -> Result:
    """A choice of sequences of which no element is a choice between sequences."""
    if not isinstance(value, Known) or not isinstance(value.data, tuple) or is_blurred(value) or depth > 50:
        return value
    hoisted = [
        lift(lambda leaf: _shallow_worlds(leaf, depth + 1), item)
        if any(_may_be_sequence(leaf) for leaf in leaves(item))
        else tuple_of((item,))
        for item in value.data
    ]
    wrapped = [not any(_may_be_sequence(leaf) for leaf in leaves(item)) for item in value.data]

    def build(*values: Plain) -> Plain:
        return tuple_of(items(leaf)[0] if single else leaf for leaf, single in zip(values, wrapped, strict=True))

    return lift(build, *hoisted)


def _flatten_whole(context: Context, value: Plain) -> Result:
    flat: list[Result] = []
    stack: list[Result] = list(reversed(items(value)))
    while stack:
        item = stack.pop()
        if isinstance(item, UnknownValue) and _may_be_sequence(item):
            return unknown(context, ANY, "flatten", (value,))
        if isinstance(item, Known) and isinstance(item.data, tuple):
            if is_blurred(item):
                return unknown(context, ANY, "flatten", (value,))
            stack.extend(reversed(item.data))
        else:
            flat.append(item)
    return tuple_of(flat)
