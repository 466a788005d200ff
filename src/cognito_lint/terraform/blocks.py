"""Nested blocks, with `dynamic` ones unrolled: which there are in every world, and in which names they are evaluated.

https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint import worlds
from cognito_lint.model import Span, Step
from cognito_lint.terraform import loops
from cognito_lint.terraform.configuration import attribute_of, nested_blocks
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.identities import derived, identity
from cognito_lint.terraform.reader import as_reference
from cognito_lint.terraform.syntax import Block, Body, Expression, Variable, blocks_of
from cognito_lint.terraform.values import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    BoundError,
    Collection,
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    object_of,
    with_step,
)
from cognito_lint.worlds import Choice

MAX_BLOCKS = 1_000
_INVALID = "Invalid dynamic for_each value: "


@dataclass(frozen=True, eq=False)
class Nested:
    """One nested block as it would be: its body, the evaluator for it, and its header."""

    layers: tuple[Body, ...]
    evaluator: Evaluator
    span: Span

    def argument(self, name: str) -> Result | None:
        """The value of an argument; None if it is not set. Raises EvaluationError."""
        attribute = attribute_of(self.layers, name)
        return None if attribute is None else self.evaluator.evaluate(attribute.expression)


@dataclass(frozen=True)
class Refused:
    """What stands for the blocks in a world that Terraform refuses."""

    reason: str


Blocks: TypeAlias = "tuple[Nested, ...] | Refused"


def expand(evaluator: Evaluator, layers: Iterable[Body], block_type: str) -> Choice[Blocks]:
    """The blocks of one type in every world, in their order. Raises BoundError, TooManyWorldsError."""
    found: Choice[Blocks] = ()
    for block in nested_blocks(layers, block_type):
        more: Choice[Blocks]
        if block.type == block_type:
            more = (Nested((block.body,), evaluator, block.span),)
        else:
            try:
                more = _dynamic(evaluator, block)
            except EvaluationError as error:
                more = Refused(str(error))
        found = worlds.lift(_together, found, more)
    return found


def _together(before: Blocks, after: Blocks) -> Blocks:
    if isinstance(before, Refused):
        return before
    return after if isinstance(after, Refused) else before + after


def _dynamic(evaluator: Evaluator, block: Block) -> Choice[Blocks]:
    body = block.body
    each = body.attributes.get("for_each")
    contents = blocks_of(body, "content")
    if each is None:
        raise EvaluationError('the argument "for_each" of a dynamic block is required, but it is not set')
    if len(contents) != 1:
        raise EvaluationError('a dynamic block has one nested block of type "content"')
    expression = each.expression
    iterator = _iterator(body, block.labels[0])
    site = evaluator.site(expression.span)

    def nested(key: Result, value: Result) -> Nested:
        names = {iterator: object_of({"key": key, "value": value})}
        return Nested((contents[0].body,), evaluator.within(names), block.span)

    def unroll(collection: Plain) -> Choice[Blocks]:
        if isinstance(collection, UnknownValue):
            if collection.error:
                return Refused(collection.reason)
            if collection.type in (BOOL, NUMBER, STRING):
                return Refused(_INVALID + "this value has no elements.")
            question = worlds.boolean(identity("has elements", (collection,)), f"length({site.text}) > 0")
            kind = collection.type.element if isinstance(collection.type, Collection) else ANY
            key = derived(ANY, "element key", (collection,), site)
            value = derived(kind, "element", (collection,), site, nullable=True)
            return worlds.choose(worlds.holds(question, "true"), lambda: (nested(key, value),), lambda: ())
        if collection.data is None:
            return Refused(_INVALID + "cannot use a null value in for_each.")
        if not isinstance(collection.data, (tuple, Mapping)):
            return Refused(_INVALID + "this value has no elements.")
        if len(collection.data) > MAX_BLOCKS:
            raise BoundError(f"a dynamic block has more elements than the bound of {MAX_BLOCKS:,}")
        step = Step(expression.span, "repeated over this")
        return tuple(nested(key, with_step(value, step)) for key, value in loops.items(collection))

    return worlds.lift(unroll, evaluator.evaluate(expression))


def _iterator(body: Body, default: str) -> str:
    attribute = body.attributes.get("iterator")
    if attribute is None:
        return default
    expression: Expression = as_reference(attribute.expression)
    if not isinstance(expression, Variable):
        raise EvaluationError("the iterator of a dynamic block is a single name")
    return expression.name
