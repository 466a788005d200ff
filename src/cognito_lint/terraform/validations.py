"""`validation` blocks as requirements: a value that they refuse is in no world.

https://developer.hashicorp.com/terraform/language/expressions/custom-conditions#input-variable-validation
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cognito_lint import worlds
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.operators import truth
from cognito_lint.terraform.scope import Instance
from cognito_lint.terraform.syntax import Expression, blocks_of
from cognito_lint.terraform.types import convert
from cognito_lint.terraform.values import (
    ANY,
    BOOL,
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Primitive,
    Result,
    UnknownValue,
    from_literal,
)
from cognito_lint.worlds import Atom, Choice, Subject, TooManyWorldsError

_ERRORS = (EvaluationError, BoundError, TooManyWorldsError, RecursionError)


def requirements(instance: Instance, asked: Iterable[Atom]) -> Iterator[Choice[bool]]:
    """What the validations of the instance's open variables leave possible: of their values as a whole, and of each
    outcome that is asked for."""
    outcomes: dict[Subject, set[str]] = {}
    for atom in asked:
        outcomes.setdefault(atom.subject, set()).add(atom.outcome)
    for name, value in instance.checked.items():
        declaration = instance.configuration.variables[name]
        conditions = list(_conditions(declaration))
        if not conditions:
            continue
        for condition in conditions:
            passes = _passes(Evaluator(instance), condition)
            if passes is not None:
                yield worlds.either(worlds.negate(instance.exists), passes)
        yield from _of_outcomes(instance, name, value, conditions, outcomes)


def _conditions(declaration: Declaration) -> Iterator[Expression]:
    for block in blocks_of(declaration.block.body, "validation"):  # those of an override file are not merged
        attribute = block.body.attributes.get("condition")
        if attribute is not None:
            yield attribute.expression


def _passes(evaluator: Evaluator, condition: Expression) -> Choice[bool] | None:
    """In which worlds a condition holds; None where that cannot be told."""
    try:
        result = convert(evaluator.evaluate(condition), BOOL)
        return worlds.lift(_truth, result)
    except _ERRORS:
        return None


def _truth(leaf: Plain) -> Choice[bool]:
    if isinstance(leaf, UnknownValue):
        return False if leaf.error else truth(leaf)
    return leaf.data is True


def _of_outcomes(
    instance: Instance, name: str, value: Result, conditions: list[Expression], outcomes: dict[Subject, set[str]]
) -> Iterator[Choice[bool]]:
    found = {leaf.subject: leaf for leaf in worlds.leaves(value) if isinstance(leaf, UnknownValue) and not leaf.error}
    for subject, leaf in found.items():
        if isinstance(leaf.type, Primitive) and leaf.source not in (None, leaf.type):
            continue  # the outcomes are written in another type than the variable has
        for outcome in sorted(outcomes.get(subject, ())):
            if _refused(instance, name, leaf, outcome, conditions):
                yield _is_not(instance, value, subject, outcome)


def _refused(instance: Instance, name: str, leaf: UnknownValue, outcome: str, conditions: list[Expression]) -> bool:
    known = from_literal(outcome)
    if known is None or (known.data is None and not leaf.nullable):
        return False
    if known.data is not None and leaf.type not in (ANY, known.type):
        return False
    evaluator = Evaluator(_With(instance, name, Known(leaf.type, None) if known.data is None else known))
    return any(_passes(evaluator, condition) is False for condition in conditions)


def _is_not(instance: Instance, value: Result, subject: Subject, outcome: str) -> Choice[bool]:
    there = worlds.lift(lambda leaf: isinstance(leaf, UnknownValue) and leaf.subject == subject, value)
    met = worlds.both(worlds.both(instance.exists, there), worlds.holds(subject, outcome))
    return worlds.negate(met)


class _With(Instance):
    """An instance in which one variable has a value of our choice, for a condition to be tried with."""

    def __init__(self, instance: Instance, name: str, value: Known) -> None:
        self.__dict__.update(instance.__dict__)
        self._tried = name
        self._value = value

    def variable(self, name: str) -> Result:
        """The value under trial, or the instance's own."""
        return self._value if name == self._tried else super().variable(name)
