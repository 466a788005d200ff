"""Custom conditions: a value that a `validation` refuses is in no world, and a resource whose `precondition` does not
hold is not deployed.

https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cognito_lint import worlds
from cognito_lint.terraform import every_element
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.elements import Element
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.operators import truth
from cognito_lint.terraform.scope import Instance
from cognito_lint.terraform.syntax import Body, Expression, blocks_of
from cognito_lint.terraform.types import ANY, BOOL, Primitive
from cognito_lint.terraform.values import (
    EVALUATION_ERRORS,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    from_literal,
)
from cognito_lint.worlds import Atom, Choice, Subject


def requirements(
    instance: Instance, asked: Iterable[Atom], open_elements: Sequence[tuple[Element, Choice[bool]]]
) -> Iterator[Choice[bool]]:
    """What the validations of the instance's open variables leave possible: of their values as a whole, of each
    outcome that is asked for, and of what stands for any element of a collection."""
    outcomes: dict[Subject, set[str]] = {}
    for atom in asked:
        outcomes.setdefault(atom.subject, set()).add(atom.outcome)
    done: set[str] = set()
    while waiting := [name for name in instance.checked if name not in done]:  # a condition may ask for others
        for name in waiting:
            done.add(name)
            conditions = list(_conditions(instance.configuration.variables[name].block.body, "validation"))
            for condition in conditions:
                passes = _passes(Evaluator(instance), condition)
                if passes is not None:
                    yield worlds.either(worlds.negate(instance.exists), passes)
                for holds in every_element.rules(Evaluator(instance), condition, open_elements):
                    yield worlds.either(worlds.negate(instance.exists), holds)
            if conditions:
                yield from _of_outcomes(instance, name, instance.checked[name], conditions, outcomes)


def preconditions_hold(evaluator: Evaluator, declaration: Declaration) -> Choice[bool]:
    """In which worlds a resource's preconditions let it be; everywhere if they hold nowhere, or nobody can tell."""
    met: Choice[bool] = True
    for lifecycle in blocks_of(declaration.block.body, "lifecycle"):
        for condition in _conditions(lifecycle.body, "precondition"):
            passes = _passes(evaluator, condition)
            if passes is not None:
                met = worlds.both(met, passes)
    return met is False or met


def _conditions(body: Body, block_type: str) -> Iterator[Expression]:
    for block in blocks_of(body, block_type):  # those of an override file are not merged
        attribute = block.body.attributes.get("condition")
        if attribute is not None:
            yield attribute.expression


def _passes(evaluator: Evaluator, condition: Expression) -> Choice[bool] | None:
    """In which worlds a condition holds; None where that cannot be told, or Terraform refuses it in every world."""
    try:
        return _holds(evaluator, condition)
    except EVALUATION_ERRORS:
        return None


def _holds(evaluator: Evaluator, condition: Expression) -> Choice[bool]:
    return worlds.lift(_truth, convert(evaluator.evaluate(condition), BOOL))


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
    tried = instance.with_value(name, Known(leaf.type, None) if known.data is None else known)
    return any(_fails(tried, condition) for condition in conditions)


def _fails(tried: Instance, condition: Expression) -> bool:
    """Whether Terraform refuses the value under trial: the condition is false, or an error."""
    try:
        return _holds(Evaluator(tried), condition) is False
    except EvaluationError:
        return True
    except EVALUATION_ERRORS:
        return False


def _is_not(instance: Instance, value: Result, subject: Subject, outcome: str) -> Choice[bool]:
    there = worlds.lift(lambda leaf: isinstance(leaf, UnknownValue) and leaf.subject == subject, value)
    met = worlds.both(worlds.both(instance.exists, there), worlds.holds(subject, outcome))
    return worlds.negate(met)
