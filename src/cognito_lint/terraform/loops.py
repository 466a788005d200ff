"""`for` expressions and splats: one collection in, one collection out.

https://developer.hashicorp.com/terraform/language/expressions/for and …/splat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from cognito_lint import worlds
from cognito_lint.model import Step
from cognito_lint.terraform import elements, operators
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.elements import Element
from cognito_lint.terraform.identities import derived
from cognito_lint.terraform.syntax import Expression, ForObject, ForTuple, Splat
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from cognito_lint.terraform.unification import is_whole
from cognito_lint.terraform.values import (
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    boolean,
    failed,
    is_null,
    lift,
    list_of,
    number,
    object_of,
    string,
    tuple_of,
    type_of,
)
from cognito_lint.worlds import Choice, Split

if TYPE_CHECKING:
    from cognito_lint.terraform.expressions import Evaluator

T = TypeVar("T")
Item: TypeAlias = "tuple[Result, Result]"
Inclusion: TypeAlias = "Choice[bool | UnknownValue]"
"""Whether an `if` lets an element be; where Terraform refuses the question, and with it the whole `for`, the error."""


def items(collection: Known) -> Iterator[Item]:
    """Key and value of every element, in the order in which Terraform goes through them. Raises EvaluationError."""
    data = collection.data
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield string(name, collection.trace), value
    elif isinstance(data, tuple):
        is_set = isinstance(collection.type, Collection) and collection.type.kind == "set"
        for position, value in enumerate(data):
            yield (value if is_set else number(position, collection.trace)), value
    else:
        word = "A null value" if data is None else "This value"
        raise EvaluationError(f"Iteration over a value that has no elements: {word} cannot be used as a collection.")


class _Gathered(Generic[T]):
    """What a `for` gathers: elements that are sure to be there are kept apart, for one more to cost no copy of all."""

    def __init__(self) -> None:
        self._before: Choice[tuple[T, ...] | UnknownValue] = ()
        self._since: list[T] = []

    def add(self, one: Choice[tuple[T]], included: Inclusion) -> None:
        """One more, where it is included."""
        if included is True and not isinstance(one, Split):
            self._since += one
            return

        def joined(
            truth: bool | UnknownValue, before: tuple[T, ...] | UnknownValue, more: tuple[T]
        ) -> tuple[T, ...] | UnknownValue:
            if isinstance(before, UnknownValue):
                return before
            if isinstance(truth, UnknownValue):
                return truth
            return before + more if truth else before

        self._before = worlds.lift(joined, included, self._all(), one)
        self._since = []

    def made(self, make: Callable[[tuple[T, ...]], Result]) -> Result:
        """What `make` makes of all of them, in every world that Terraform does not refuse."""
        return worlds.lift(lambda all_: all_ if isinstance(all_, UnknownValue) else make(all_), self._all())

    def _all(self) -> Choice[tuple[T, ...] | UnknownValue]:
        since = tuple(self._since)
        return worlds.lift(lambda before: before if isinstance(before, UnknownValue) else before + since, self._before)


def for_tuple(evaluator: Evaluator, node: ForTuple) -> Result:
    """`[for …]`."""

    def build(collection: Plain) -> Result:
        if isinstance(collection, UnknownValue):
            return _of_unknown(evaluator, node, collection)
        gathered: _Gathered[Result] = _Gathered()
        for inner, included in _iterations(evaluator, node, collection):
            if included is not False:
                gathered.add((_included(inner, node.result, included),), included)
        return gathered.made(lambda elements: tuple_of(elements, (Step(node.span, "gathered here"),)))

    return of_each(evaluator, build, collection(evaluator, node.collection))


def collection(evaluator: Evaluator, expression: Expression) -> Result:
    """The collection that a `for` goes through."""
    result = evaluator.evaluate(expression)
    evaluator.scope.budget.doubts.collection(result)
    return result


def of_each(evaluator: Evaluator, build: Callable[[Plain], Result], collection: Result) -> Result:
    """`build` of the collection in each of its worlds; an error that comes up on the way is its result there."""
    part = evaluator.scope.budget.doubts.part
    return lift(lambda value: part(lambda: build(value)), collection)


def _included(evaluator: Evaluator, expression: Expression, included: Inclusion) -> Result:
    """The result of an expression for one element. Its errors count where the element is included."""
    if included is True:
        return evaluator.evaluate(expression)
    doubts = evaluator.scope.budget.doubts
    result = doubts.part(lambda: evaluator.attempt(expression))
    doubts.refuse(worlds.lift(lambda truth, value: value if truth is True else boolean(True), included, result))
    return result


def for_object(evaluator: Evaluator, node: ForObject) -> Result:
    """`{for …}`."""

    def build(collection: Plain) -> Result:
        if isinstance(collection, UnknownValue):
            return _of_unknown(evaluator, node, collection)
        pairs: _Gathered[tuple[Plain, Result]] = _Gathered()
        for inner, included in _iterations(evaluator, node, collection):
            if included is False:
                continue
            key = _included(inner, node.result_key, included)
            name = operators.refuse_null(key, "Invalid object key: the key is null.")
            value = _included(inner, node.result, included)
            pairs.add(worlds.lift(lambda key, value=value: ((key, value),), convert(name, STRING)), included)
        return pairs.made(lambda found: _object(evaluator, node, found))

    return of_each(evaluator, build, collection(evaluator, node.collection))


def _unknown(evaluator: Evaluator, node: ForTuple | ForObject | Splat, source: UnknownValue) -> UnknownValue:
    """What becomes of elements that are not known: the same wherever the same is made of the same ones."""
    operation, operands = evaluator.meaning(node)
    return derived(ANY, operation, (source, *operands), evaluator.site(node.span), reason=source.reason)


def _of_unknown(evaluator: Evaluator, node: ForTuple | ForObject, source: UnknownValue) -> UnknownValue:
    """What a `for` makes of elements that are not known, and of any one of them."""
    result = _unknown(evaluator, node, source)
    if isinstance(node, ForObject) and node.grouped:
        return result

    def element(name: str) -> Element:
        site = evaluator.site(node.collection.span)
        one = elements.any_of(source, name, site)
        with evaluator.scope.budget.doubts.ignored():
            inner = within(evaluator, node, one.key, one.value)
            included = worlds.both(one.included, worlds.lift(lambda truth: truth is True, inclusion(inner, node)))
            value = inner.evaluate(node.result)
            if isinstance(node, ForTuple):
                key: Result = derived(NUMBER, f"{name} each.key", (result,), site)
            else:
                key = convert(inner.evaluate(node.result_key), STRING)
            return Element(key, value, included, (one,))

    # an object is no sequence, whatever is in it
    return replace(result, element=element, entries={} if isinstance(node, ForObject) else None)


def _object(evaluator: Evaluator, node: ForObject, pairs: tuple[tuple[Plain, Result], ...]) -> Result:
    trace = (Step(node.span, "gathered here"),)
    groups: dict[str, list[Result]] = {}
    for key, value in pairs:
        if isinstance(key, UnknownValue):
            operands = [part for pair in pairs for part in pair]
            return derived(
                ANY, "groups" if node.grouped else "object", operands, evaluator.site(node.span), reason=key.reason
            )
        if str(key.data) in groups and not node.grouped:
            raise EvaluationError(f'Duplicate object key: two different items produced the key "{key.data}".')
        groups.setdefault(str(key.data), []).append(value)
    if node.grouped:
        return object_of({key: tuple_of(values) for key, values in groups.items()}, trace)
    return object_of({key: values[0] for key, values in groups.items()}, trace)


def _iterations(
    evaluator: Evaluator, node: ForTuple | ForObject, collection: Known
) -> Iterator[tuple[Evaluator, Inclusion]]:
    """For each element, an evaluator that knows it, and whether it is included."""
    if not collection.data and node.condition is not None:
        _refuse_condition(evaluator, node)
    for key, value in items(collection):
        inner = within(evaluator, node, key, value)
        yield inner, inclusion(inner, node)


def within(evaluator: Evaluator, node: ForTuple | ForObject, key: Result, value: Result) -> Evaluator:
    """An evaluator that knows one element."""
    return evaluator.within({node.value: value} if node.key is None else {node.key: key, node.value: value})


def inclusion(inner: Evaluator, node: ForTuple | ForObject) -> Inclusion:
    """Whether the `if` lets the element be that `inner` knows. Raises EvaluationError."""
    if node.condition is None:
        return True
    message = "Invalid 'for' condition: the value must not be null."
    answer = operators.refuse_null(inner.boolean(node.condition), message)
    return worlds.lift(lambda leaf: leaf if failed(leaf) else operators.truth(leaf), answer)


def _refuse_condition(evaluator: Evaluator, node: ForTuple | ForObject) -> None:
    """Where there is no element, Terraform tries the condition on an unknown one. Raises EvaluationError."""
    doubts = evaluator.scope.budget.doubts
    with doubts.gathered() as of_one:
        _try_condition(evaluator, node, "element")
    if of_one.doubtful and doubts.watching:
        with doubts.gathered() as of_another:
            _try_condition(evaluator, node, "another element")
        doubts.note(*(value for subject, value in of_one.doubtful.items() if subject in of_another.doubtful))


def _try_condition(evaluator: Evaluator, node: ForTuple | ForObject, element: str) -> None:
    assert node.condition is not None  # noqa: S101 - the caller has looked
    one = derived(ANY, element, (), evaluator.site(node.span), reason="it is any element")
    inner = evaluator.within({name: one for name in (node.key, node.value) if name is not None})
    if is_null(inner.boolean(node.condition)):
        raise EvaluationError("Invalid 'for' condition: the value must not be null.")


def splat(evaluator: Evaluator, node: Splat, source: Plain) -> Result:
    """`source[*]…` of a plain source: of every element, or of the one value that is no sequence; null gives none."""
    if isinstance(source, UnknownValue) and not _is_single(source):
        return _splat_of_unknown(evaluator, node, source)
    if is_null(source):
        if _is_sequence(source.type):
            raise EvaluationError("Splat of null value: splat expressions cannot be applied to null sequences.")
        return tuple_of((), source.trace)
    if not isinstance(source, Known) or not isinstance(source.data, tuple):
        return tuple_of((evaluator.within({"*": source}).evaluate(node.each),), source.trace)
    results = [evaluator.within({"*": element}).evaluate(node.each) for element in source.data]
    if not isinstance(source.type, Collection):
        return tuple_of(results, source.trace)
    return list_of(results, _type_of_each(evaluator, node, source.type.element, results), source.trace)


def _splat_of_unknown(evaluator: Evaluator, node: Splat, source: UnknownValue) -> UnknownValue:
    """What a splat makes of elements that are not known, and of any one of them if they are sure to be some."""
    result = _unknown(evaluator, node, source)
    if not elements.is_sequence(source):
        return result

    def element(name: str) -> Element:
        site = evaluator.site(node.span)
        one = elements.any_of(source, name, site)
        with evaluator.scope.budget.doubts.ignored():
            value = evaluator.within({"*": one.value}).evaluate(node.each)
        return Element(derived(NUMBER, f"{name} each.key", (result,), site), value, one.included, (one,))

    return replace(result, element=element)


def _type_of_each(evaluator: Evaluator, node: Splat, element: Type, results: Sequence[Result]) -> Type:
    """The type of the list that a list or a set becomes; of an empty one it is what one more element would have."""
    kinds = [kind for kind in map(type_of, results) if is_whole(kind)]
    if kinds:
        return kinds[0]
    site = evaluator.site(node.span)
    one = derived(element, "element", (), site, reason="it is any element")
    with evaluator.scope.budget.doubts.ignored():
        return type_of(evaluator.within({"*": one}).evaluate(node.each))


def _is_sequence(kind: Type) -> bool:
    return isinstance(kind, TupleType) or (isinstance(kind, Collection) and kind.kind != "map")


def _is_single(source: UnknownValue) -> bool:
    """Whether a value that is not known is sure to be one, and neither a sequence nor null."""
    if source.nullable or source.error:
        return False
    kind = source.type
    is_map = isinstance(kind, ObjectType) or (isinstance(kind, Collection) and kind.kind == "map")
    return is_map or source.entries is not None or kind in (STRING, NUMBER, BOOL)
