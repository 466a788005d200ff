"""Where Terraform might refuse an expression because of a value that is not known: what `try` and `can` would catch.

Part of the stage "resolve". Outside `try` and `can` such a world is none, so nothing is noted there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

from cognito_lint import worlds
from cognito_lint.terraform.syntax import (
    Binary,
    Call,
    Conditional,
    Expression,
    Splat,
    SplatElement,
    Template,
    Unary,
)
from cognito_lint.terraform.types import BOOL, NUMBER, STRING, ObjectType, Type
from cognito_lint.terraform.unification import is_whole
from cognito_lint.terraform.values import Known, Plain, Result, UnknownValue, failed, leaves, type_of, unknowns
from cognito_lint.worlds import Choice, Split, Subject

Noted = dict[Subject, UnknownValue]
T = TypeVar("T", bound="Gathered | None")
_NOBODY = nullcontext()  # ignores what would be noted
_CATCHING = frozenset({"try", "can"})
# what is inside their arguments makes no difference to whether they fail
_SHALLOW = frozenset({"concat", "contains", "element", "flatten", "keys", "length", "lookup", "merge", "values"})
_OPERANDS: Mapping[str, Type] = {"&&": BOOL, "||": BOOL, "!": BOOL}


@dataclass(slots=True)
class Gathered:
    """What is known of the errors of an expression: the unknown values that they depend on, and the one (or None) that
    is sure in each world, wherever in the expression it came up."""

    doubtful: Noted = field(default_factory=dict)
    refused: Choice[Plain | None] = None

    def surfaced(self, result: Result) -> Result:
        """The expression's result, or its error in the worlds that have one."""
        if self.refused is None:
            return result
        return worlds.lift(lambda error, value: value if error is None else error, self.refused, result)


class Doubts:
    """What the innermost `try` or `can` under evaluation depends on for not failing."""

    def __init__(self) -> None:
        self.watching = False  # whether anybody would catch an error
        self._gathered: Gathered | None = None
        self._operands: list[Result] = []

    def gathered(self) -> AbstractContextManager[Gathered]:
        """What comes up inside, and is the business of nobody outside."""
        return self._instead(Gathered())

    def ignored(self) -> AbstractContextManager[object]:
        """Nothing is noted inside: an error there is not caught, or does not count."""
        return self._instead(None) if self.watching else _NOBODY

    @contextmanager
    def _instead(self, gathered: T) -> Iterator[T]:
        before = self._gathered, self._operands, self.watching
        self._gathered, self._operands, self.watching = gathered, [], gathered is not None
        try:
            yield gathered
        finally:
            self._gathered, self._operands, self.watching = before

    def note(self, *values: UnknownValue) -> None:
        """Whether Terraform refuses the expression depends on these values."""
        if self._gathered is not None:
            self._gathered.doubtful.update((value.subject, value) for value in values if not value.error)

    def refuse(self, result: Result) -> None:
        """Terraform refuses the expression in the worlds in which this part of it is an error."""
        if self._gathered is not None and isinstance(result, Split) and any(map(failed, leaves(result))):
            self._gathered.refused = worlds.lift(
                lambda before, value: before or (value if failed(value) else None), self._gathered.refused, result
            )

    def part(self, evaluate: Callable[[], Result]) -> Result:
        """The result of a part that is evaluated for some worlds alone; an error anywhere in it is its value there."""
        outer = self._gathered
        if outer is None:
            return evaluate()
        inner = Gathered(outer.doubtful)
        with self._instead(inner):
            return inner.surfaced(evaluate())

    def watch(self, expression: Expression, evaluate: Callable[[], Result]) -> Result:
        """The result, after noting which operands the expression could fail for, and where it does."""
        outer, self._operands = self._operands, []
        try:
            result = evaluate()
            self.note(*_suspects(expression, self._operands))
        finally:
            self._operands = outer
        outer.append(result)
        self.refuse(result)
        return result

    def beside(self, result: Result) -> None:
        """Another operand of the expression under evaluation, which was evaluated elsewhere."""
        if self.watching:
            self._operands.append(result)

    def condition(self, result: Result) -> None:
        """Note what may be no bool, or null, where a bool is asked for."""
        if self.watching:
            self.note(*(leaf for leaf in _open(result) if not _is_one_of(leaf, (BOOL,))))

    def collection(self, result: Result) -> None:
        """Note what may be null, or have no elements, where something is done for each of them."""
        if self.watching:
            self.note(*_open(result))

    def access(self, source: Result, step: str | Result, result: Result) -> None:
        """Note whether taking an attribute or element may fail."""
        if not self.watching:
            return
        for leaf in _open(source):
            if not _has(leaf, step):
                self.note(leaf)
        if not isinstance(step, str) and any(_open(result)):
            self.note(*_open(step))


def _has(source: UnknownValue, step: str | Result) -> bool:
    name = step.data if isinstance(step, Known) else step
    if not isinstance(name, str):
        return False
    if source.entries is not None and name in source.entries:
        return True
    return not source.nullable and isinstance(source.type, ObjectType) and name in source.type.attributes


def _suspects(expression: Expression, operands: Sequence[Result]) -> Iterator[UnknownValue]:
    if isinstance(expression, Call):
        if expression.name in _CATCHING:
            return
        for operand in operands:
            yield from _open(operand) if expression.name in _SHALLOW else unknowns(operand)
    elif isinstance(expression, Binary | Unary):
        yield from _of_operator(expression, operands)
    elif isinstance(expression, Conditional):
        yield from _of_conditional(operands)
    elif isinstance(expression, Template):
        if len(expression.parts) > 1:
            yield from (leaf for operand in operands for leaf in _open(operand) if not _is_one_of(leaf, _WRITABLE))
    elif isinstance(expression, Splat) and not isinstance(expression.each, SplatElement):
        yield from _open(operands[0])


_WRITABLE = (STRING, NUMBER, BOOL)


def _of_operator(expression: Binary | Unary, operands: Sequence[Result]) -> Iterator[UnknownValue]:
    if expression.operator in {"==", "!="}:
        return
    kind = _OPERANDS.get(expression.operator, NUMBER)
    for operand in operands:
        yield from (leaf for leaf in _open(operand) if not _is_one_of(leaf, (kind,)))
    if expression.operator in {"/", "%"}:
        yield from _open(operands[-1])


def _of_conditional(operands: Sequence[Result]) -> Iterator[UnknownValue]:
    _, *branches = operands
    if len({str(type_of(branch)) for branch in branches}) > 1:
        for branch in branches:
            yield from (leaf for leaf in unknowns(branch) if not is_whole(leaf.type))


def _is_one_of(leaf: UnknownValue, kinds: Sequence[Type]) -> bool:
    return not leaf.nullable and leaf.type in kinds


def _open(result: Result) -> Iterator[UnknownValue]:
    return (leaf for leaf in leaves(result) if isinstance(leaf, UnknownValue) and not leaf.error)
