"""When two of Terraform's values are equal: https://developer.hashicorp.com/terraform/language/expressions/operators.

Values of different types never are, and the type of what is empty or null inside counts: `var.list == tolist([])` is
false for an empty list of strings. Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cognito_lint import worlds
from cognito_lint.terraform import affixes
from cognito_lint.terraform.conversion import convert, expand
from cognito_lint.terraform.identities import Site, operand_text, question
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, Primitive, TupleType, Type
from cognito_lint.terraform.unification import is_whole, settled
from cognito_lint.terraform.values import EvaluationError, Known, Plain, Result, UnknownValue, children, literal
from cognito_lint.worlds import Choice


def equals(left: Result, right: Result, site: Site) -> Choice[bool]:
    """Whether two results are equal in Terraform's sense (values of different types never are)."""
    return worlds.lift(lambda one, other: _equal(one, other, site), left, right)


def _equal(left: Plain, right: Plain, site: Site) -> Choice[bool]:
    if isinstance(left, UnknownValue) or isinstance(right, UnknownValue) or left.data is None or right.data is None:
        return _equal_inside(left, right, site)
    same = _same_type(left, right)
    return False if same is False else worlds.both(same, _equal_inside(left, right, site))


def _equal_inside(left: Plain, right: Plain, site: Site) -> Choice[bool]:
    """Whether two values are equal, if the types of what is inside are the same."""
    if isinstance(left, UnknownValue):
        if isinstance(right, UnknownValue):
            return _equal_unknowns(left, right, site)
        return _equal_unknown(left, right, site)
    if isinstance(right, UnknownValue):
        return _equal_unknown(right, left, site)
    if isinstance(left.data, tuple) and isinstance(right.data, tuple):
        return _equal_sequences(left, right, left.data, right.data, site)
    if isinstance(left.data, Mapping) and isinstance(right.data, Mapping):
        if left.data.keys() != right.data.keys():
            return False
        return _all_equal(left.data.values(), [right.data[key] for key in left.data], site)
    return left.data == right.data


def _equal_sequences(
    left: Known, right: Known, one: tuple[Result, ...], other: tuple[Result, ...], site: Site
) -> Choice[bool]:
    is_set = isinstance(left.type, Collection) and left.type.kind == "set"
    if is_set and any(isinstance(item, UnknownValue) for item in (*one, *other)):
        return True if left == right else question("==", (left, right), site)
    if len(one) != len(other):
        return False
    return _all_equal(one, other, site)


def _all_equal(left: Iterable[Result], right: Iterable[Result], site: Site) -> Choice[bool]:
    same: Choice[bool] = True
    for one, other in zip(left, right, strict=True):
        same = worlds.both(same, worlds.lift(lambda a, b: _equal_inside(a, b, site), one, other))
        if same is False:
            break
    return same


def _same_types(left: Iterable[Result], right: Iterable[Result]) -> Choice[bool]:
    same: Choice[bool] = True
    for one, other in zip(left, right, strict=True):
        same = worlds.both(same, worlds.lift(_same_type, one, other))
        if same is False:
            break
    return same


def _same_type(left: Plain, right: Plain) -> Choice[bool]:
    """Whether two values are of one type. True as well where their contents differ anyway, or a type is not known."""
    if isinstance(left, UnknownValue) or isinstance(right, UnknownValue):
        return _may_be_same(left, right) and _may_be_same(right, left) and _comparable(left.type, right.type)
    if left.data is None or right.data is None:
        return settled(left.type) == settled(right.type) or left.data is not right.data
    if is_whole(left.type) and is_whole(right.type):
        return settled(left.type) == settled(right.type)
    if not _comparable(left.type, right.type):
        return False
    if isinstance(left.data, tuple) and isinstance(right.data, tuple):
        if not left.data and not right.data:
            return settled(left.type) == settled(right.type)
        return len(left.data) != len(right.data) or _same_types(left.data, right.data)
    if isinstance(left.data, Mapping) and isinstance(right.data, Mapping):
        if not left.data and not right.data:
            return settled(left.type) == settled(right.type)
        if left.data.keys() != right.data.keys():
            return True
        return _same_types(left.data.values(), [right.data[key] for key in left.data])
    return True


def _may_be_same(nothing: Plain, other: Plain) -> bool:
    """A null or an empty collection without a type is of no other type than one without a type."""
    is_untyped = isinstance(nothing, Known) and not children(nothing) and not is_whole(nothing.type)
    return not (is_untyped and is_whole(other.type))


def _comparable(left: Type, right: Type) -> bool:
    """Whether values of the two types can be equal at all; `any` inside leaves it to the values."""
    if left == right or ANY in {_head(left), _head(right)}:
        return True
    if isinstance(left, Collection) and isinstance(right, Collection):
        return left.kind == right.kind and _comparable(left.element, right.element)
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        return len(left.elements) == len(right.elements) and all(map(_comparable, left.elements, right.elements))
    if isinstance(left, ObjectType) and isinstance(right, ObjectType):
        return left.attributes.keys() == right.attributes.keys() and all(
            _comparable(kind, right.attributes[name]) for name, kind in left.attributes.items()
        )
    return False


def _head(kind: Type) -> Primitive | None:
    return kind if isinstance(kind, Primitive) else None


def _equal_unknowns(left: UnknownValue, right: UnknownValue, site: Site) -> Choice[bool]:
    if left.subject == right.subject and (left.type, left.source) == (right.type, right.source):
        return True
    if not left.nullable and not right.nullable and not _comparable(left.type, right.type):
        return False
    for one, other in ((left, right), (right, left)):
        expanded = expand(one)
        if expanded is not one:
            return equals(expanded, other, site)
    first, second = sorted((left, right), key=lambda value: value.subject)
    return question("==", (first, second), site, f"{first.subject.text} == {second.subject.text}")


def _equal_unknown(unknown: UnknownValue, known: Known, site: Site) -> Choice[bool]:
    if unknown.error:
        return question("==", (unknown, known), site)
    if known.data is None:
        return unknown.nullable and worlds.holds(unknown.subject, "null")
    if _same_type(unknown, known) is False or affixes.exclude(unknown, known):
        return False
    if isinstance(known.data, tuple | Mapping):
        return question("==", (unknown, known), site, f"{unknown.subject.text} == {operand_text(known, site)}")
    expanded = expand(unknown)
    if expanded is not unknown:
        return equals(expanded, known, site)
    return _ask(unknown, known)


def _ask(unknown: UnknownValue, known: Known) -> Choice[bool]:
    """Ask the subject, in the type in which its outcomes are written."""
    source = unknown.source or unknown.type
    if source == BOOL and known.data is False and not unknown.nullable:
        return worlds.negate(worlds.holds(unknown.subject, "true"))
    if source == known.type:
        return worlds.holds(unknown.subject, literal(known))
    possible: Choice[bool] = False
    for kind in (STRING, NUMBER, BOOL) if source == ANY else (source,):
        if unknown.type == ANY and kind != known.type:
            continue
        try:
            written = convert(known, kind)
            back = convert(written, known.type)
        except EvaluationError:
            continue
        if isinstance(written, Known) and back == known:
            possible = worlds.either(possible, worlds.holds(unknown.subject, literal(written)))
    return possible
