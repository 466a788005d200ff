"""Terraform's values, and what may be unknown in them.

A `Result` is what an expression gives: a Known value, an Unknown one, or a Split of results where it depends on
assumptions. Containers hold Results, so one undecided element does not blur its neighbours.
Numbers are integers, or Decimals of enough digits.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from cognito_lint import worlds
from cognito_lint.model import Trace
from cognito_lint.terraform import numbers
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from cognito_lint.worlds import Choice, Split, Subject

if TYPE_CHECKING:
    from cognito_lint.terraform.elements import Element

MAX_NESTING = 100
MAX_JOINT_WORLDS = 20_000
MAX_WEIGHT = 200_000


class Named:
    """What has a name among values (see identities), once somebody has asked for it."""

    __slots__ = ("name",)


@dataclass(frozen=True, slots=True)
class Known(Named):
    """A value: `data` is str, int, Decimal, bool, None (null), a tuple of Results (list, tuple, set: a set's are in
    Terraform's order), or a dict of Results (map, object: map keys in lexical order). `trace` is its way.

    `weight` counts all that is inside, as often as it is there: `[x, x]` of `[y, y]` and so on doubles with every
    level though it takes no room. Raises BoundError past MAX_WEIGHT.
    """

    type: Type
    data: str | int | Decimal | bool | tuple[Result, ...] | Mapping[str, Result] | None
    trace: Trace = field(default=(), compare=False)
    weight: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        data = self.data
        if isinstance(data, tuple | dict) and data:
            weight = 1 + sum(map(_weight, data.values() if isinstance(data, dict) else data))
            if weight > MAX_WEIGHT:
                raise BoundError(f"a value has more than the bound of {MAX_WEIGHT:,} parts")
            object.__setattr__(self, "weight", weight)


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that the files do not decide. `subject` is its identity: equal subjects take equal values.

    `nullable` is false where it is sure not to be null. A result that follows from an error (a missing file, an
    undeclared name) is unknown too, with the error as its reason; `error` marks those that Terraform itself refuses
    in this world: `try` and `can` catch them. `source` is the type in which the subject's outcomes are written where
    a conversion lies between them and `type`. `entries` are those of an unknown map or object that are known to be
    there all the same: `merge(var.unknown, { a = 1 }).a` is 1. `bound` marks what is unknown because a bound of ours
    was passed: whatever is asked about it names that bound. `affixes` are how a string is sure to begin and to end.
    `element` makes any element of what a `for` makes of an unknown collection, under a name that sets it apart.
    """

    type: Type
    reason: str
    subject: Subject
    nullable: bool = True
    trace: Trace = field(default=(), compare=False)
    error: bool = False
    source: Type | None = None
    entries: Mapping[str, Result] | None = None
    bound: bool = False
    affixes: Affixes = ("", "")
    element: Callable[[str], Element] | None = field(default=None, compare=False, repr=False)


Affixes: TypeAlias = "tuple[str, str]"
Plain: TypeAlias = "Known | UnknownValue"
Result: TypeAlias = "Known | UnknownValue | Split[Known | UnknownValue]"


class EvaluationError(Exception):
    """What Terraform would refuse: the message in Terraform's own sense. `try` and `can` catch it."""


class BoundError(Exception):
    """A bound of ours was passed; the message names it as the reason of the unknown value that this becomes."""


EVALUATION_ERRORS = (EvaluationError, BoundError, worlds.TooManyWorldsError, RecursionError)
"""All that evaluating an expression may raise."""


def size(results: Iterable[Result]) -> int:
    """About how long it takes to go through values once, in units that are 0 for most: all that is inside, and texts.
    Of a value that has several worlds, the first counts."""
    parts = characters = 0
    for result in results:
        value = next(leaves(result)) if isinstance(result, Split) else result
        if isinstance(value, Known):
            parts += value.weight
            if isinstance(value.data, str):
                characters += len(value.data)
    return parts // _PARTS_PER_STEP + characters // _CHARACTERS_PER_STEP


_PARTS_PER_STEP = 8
_CHARACTERS_PER_STEP = 1_024


def _weight(result: Result) -> int:
    if isinstance(result, Known):
        return result.weight
    return sum(map(_weight, leaves(result))) if isinstance(result, Split) else 1


def string(text: str, trace: Trace = ()) -> Known:
    """A string, in Unicode's normal form C as Terraform keeps it, without the halves of characters JSON can name."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return Known(STRING, text, trace)


def number(value: int | Decimal, trace: Trace = ()) -> Known:
    """A number. Raises BoundError for one of too many digits."""
    try:
        return Known(NUMBER, numbers.normal(value), trace)
    except numbers.NumberTooLargeError as error:
        raise BoundError(str(error)) from error


def boolean(value: bool, trace: Trace = ()) -> Known:
    """A bool."""
    return Known(BOOL, value, trace)


def null(of: Type = ANY, trace: Trace = ()) -> Known:
    """null, of a type."""
    return Known(of, None, trace)


def tuple_of(elements: Iterable[Result], trace: Trace = ()) -> Known:
    """`[a, b]`."""
    items = tuple(elements)
    return Known(TupleType(tuple(map(type_of, items))), items, trace)


def object_of(attributes: Mapping[str, Result], trace: Trace = ()) -> Known:
    """`{ a = b }`; attributes in lexical order, as Terraform goes through them."""
    items = {name: attributes[name] for name in sorted(attributes)}
    return Known(ObjectType({name: type_of(value) for name, value in items.items()}), items, trace)


def list_of(elements: Iterable[Result], element: Type, trace: Trace = ()) -> Known:
    """A list of elements that are of type `element` already."""
    return Known(Collection("list", element), tuple(elements), trace)


def map_of(elements: Mapping[str, Result], element: Type, trace: Trace = ()) -> Known:
    """A map of elements that are of type `element` already."""
    return Known(Collection("map", element), {key: elements[key] for key in sorted(elements)}, trace)


def from_python(data: object, depth: int = 0) -> Known:
    """What JSON or YAML data is in Terraform: objects, tuples and primitives. Raises BoundError."""
    if depth > MAX_NESTING:
        raise BoundError(f"a document is nested deeper than the bound of {MAX_NESTING}")
    if isinstance(data, str):
        return string(data)
    if isinstance(data, bool):
        return boolean(data)
    if isinstance(data, int | Decimal):
        return number(data)
    if isinstance(data, float):
        return number(Decimal(repr(data)))
    if isinstance(data, Mapping):
        return object_of({string(str(key)).data: from_python(value, depth + 1) for key, value in data.items()})  # type: ignore[misc]
    if isinstance(data, list | tuple):
        return tuple_of(from_python(value, depth + 1) for value in data)
    return null()


def failure(error: EvaluationError) -> UnknownValue:
    """The value of an expression that Terraform refuses in one world among several."""
    return UnknownValue(ANY, str(error), Subject(f"error: {error}", f"the error “{error}”"), error=True)


def attempted(function: Callable[..., Result], *arguments: object) -> Result:
    """The function's result, or its error as a value: that of one world among several."""
    try:
        return function(*arguments)
    except EvaluationError as error:
        return failure(error)


def failed(result: Result) -> bool:
    """Whether it is the value of an expression that Terraform refuses, in the only world that there is."""
    return isinstance(result, UnknownValue) and result.error


def type_of(result: Result) -> Type:
    """The type of a result; `any` where its worlds differ in type."""
    if not isinstance(result, Split):
        return result.type
    types: list[Type] = []
    for leaf in leaves(result):
        if leaf.type not in types:
            types.append(leaf.type)
    return types[0] if len(types) == 1 else ANY


def leaves(result: Result) -> Iterator[Plain]:
    """The values of every world, each once."""
    choice: Choice[Plain] = result
    return worlds.leaves(choice)


def is_null(result: Result) -> bool:
    """Whether it is sure to be null."""
    return isinstance(result, Known) and result.data is None


def children(value: Plain) -> tuple[Result, ...]:
    """The elements of a container, none of anything else."""
    if not isinstance(value, Known):
        return ()
    if isinstance(value.data, tuple):
        return value.data
    return tuple(value.data.values()) if isinstance(value.data, Mapping) else ()


def unknowns(result: Result, depth: int = 0) -> Iterator[UnknownValue]:
    """Every unknown value inside, in every world."""
    if depth > MAX_NESTING:
        raise BoundError(f"a value is nested deeper than the bound of {MAX_NESTING}")
    for leaf in leaves(result):
        if isinstance(leaf, UnknownValue):
            yield leaf
        for child in children(leaf):
            if not _is_simple(child):
                yield from unknowns(child, depth + 1)


def is_wholly_known(result: Result) -> bool:
    """Whether nothing inside is unknown, in any world."""
    return _is_simple(result) or next(unknowns(result), None) is None


def _is_simple(result: Result) -> bool:
    """Whether it is known, and no container."""
    return isinstance(result, Known) and not isinstance(result.data, tuple | dict)


def plain(result: Result) -> Plain:
    """The result of resolve_deep's leaves: no Split. Raises TypeError for one."""
    if isinstance(result, Split):
        raise TypeError("the value still depends on assumptions")
    return result


def literal(value: Known) -> str:
    """A primitive as Terraform's literal: how the outcomes of a subject are written."""
    if value.data is None:
        return "null"
    if isinstance(value.data, bool):
        return "true" if value.data else "false"
    if isinstance(value.data, str):
        return json.dumps(value.data, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    if isinstance(value.data, int | Decimal):
        return numbers.text(value.data)
    raise TypeError("a container has no literal")


def from_literal(text: str) -> Known | None:
    """The primitive that `literal` wrote; None for any other text."""
    if text in {"true", "false"}:
        return boolean(text == "true")
    if text == "null":
        return null()
    if text.startswith('"'):
        try:
            data = json.loads(text.replace("$${", "${").replace("%%{", "%{"))
        except ValueError:
            return None
        return string(data) if isinstance(data, str) else None
    value = numbers.parse(text)
    return None if value is None else number(value)


def lift(function: Callable[..., Result], *results: Result) -> Result:
    """`function` of plain values in every joint world of `results`.

    An EvaluationError of one world among several is that world's value; of the only world, it is raised. A world in
    which an argument is an error already stays that error. Raises worlds.TooManyWorldsError.
    """

    def unless_failed(*values: Plain) -> Result:
        return _error_among(values) or function(*values)

    for result in results:
        if isinstance(result, Split):
            return in_worlds(unless_failed, *results)
    return _error_among(results) or function(*results)


def _error_among(values: Iterable[Result]) -> UnknownValue | None:
    for value in values:
        if isinstance(value, UnknownValue) and value.error:
            return value
    return None


def in_worlds(function: Callable[..., Result], *choices: Choice[Any]) -> Result:
    """`worlds.lift`, in which an EvaluationError of one world among several is that world's value."""
    if not any(isinstance(choice, Split) for choice in choices):
        return function(*choices)

    def guarded(*values: object) -> Result:
        try:
            return function(*values)
        except EvaluationError as error:
            return failure(error)

    return worlds.lift(guarded, *choices)


def map_leaves(function: Callable[[Plain], Result], result: Result) -> Result:
    """`lift` that hands errors of single worlds to `function` too."""
    return worlds.lift(function, result)


def resolve_deep(result: Result) -> Result:
    """The result as a choice of values whose containers hold plain values alone.

    Raises worlds.TooManyWorldsError past MAX_JOINT_WORLDS.
    """
    return _resolve(result, 0)


def _resolve(result: Result, depth: int) -> Result:
    if depth > MAX_NESTING:
        raise BoundError(f"a value is nested deeper than the bound of {MAX_NESTING}")
    if isinstance(result, Split):
        return worlds.lift(lambda leaf: _resolve(leaf, depth), result)
    elements = children(result)
    if not isinstance(result, Known) or all(map(_is_simple, elements)):
        return result
    resolved = tuple(_resolve(element, depth + 1) for element in elements)
    open_ones = [index for index, element in enumerate(resolved) if isinstance(element, Split)]
    if not open_ones:
        return result if all(map(_is, resolved, elements)) else rebuilt(result, resolved)
    _check_joint_worlds([resolved[index] for index in open_ones])

    def build(*chosen: Plain) -> Plain:
        filled = list(resolved)
        for index, value in zip(open_ones, chosen, strict=True):
            filled[index] = value
        return rebuilt(result, filled)

    return worlds.lift(build, *(resolved[index] for index in open_ones))


def _is(one: object, other: object) -> bool:
    return one is other


def rebuilt(container: Known, elements: Iterable[Result]) -> Known:
    """The container with other elements in the same places; a tuple's or object's type follows them."""
    items = tuple(elements)
    data = dict(zip(container.data, items, strict=True)) if isinstance(container.data, Mapping) else items
    kind = container.type
    if isinstance(kind, TupleType):
        kind = TupleType(tuple(map(type_of, items)))
    elif isinstance(kind, ObjectType) and isinstance(data, Mapping):
        kind = ObjectType({name: type_of(value) for name, value in data.items()})
    return Known(kind, data, container.trace)


def _check_joint_worlds(choices: Iterable[Choice[Plain]]) -> None:
    """Refuse, before it is built, a product of so many independent questions that it would never end."""
    questions: dict[Subject, set[str]] = {}
    seen: set[int] = set()
    stack = [choice for choice in choices if isinstance(choice, Split)]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        questions.setdefault(node.atom.subject, set()).add(node.atom.outcome)
        stack += [branch for branch in (node.yes, node.no) if isinstance(branch, Split)]
    product = 1
    for outcomes in questions.values():
        product *= len(outcomes) + 1
        if product > MAX_JOINT_WORLDS:
            raise worlds.TooManyWorldsError(f"its parts have more than {MAX_JOINT_WORLDS:,} worlds together")
