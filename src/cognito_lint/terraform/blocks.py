"""Nested blocks, with `dynamic` ones unrolled: which there are in every world, and in which names they are evaluated.

https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cognito_lint import worlds
from cognito_lint.model import Span, Step, Trace
from cognito_lint.terraform import elements, loops
from cognito_lint.terraform.configuration import attribute_of, nested_blocks
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.identities import identity
from cognito_lint.terraform.reader import as_reference
from cognito_lint.terraform.syntax import Block, Body, Expression, Variable, blocks_of
from cognito_lint.terraform.traces import passed, with_step
from cognito_lint.terraform.types import BOOL, NUMBER, STRING
from cognito_lint.terraform.values import BoundError, EvaluationError, Plain, Result, UnknownValue, object_of
from cognito_lint.worlds import Choice

MAX_BLOCKS = 1_000
_INVALID = "Invalid dynamic for_each value: "


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """One nested block as it would be: its body, the evaluator for it, and its header."""

    layers: tuple[Body, ...]
    evaluator: Evaluator
    span: Span

    def argument(self, name: str) -> Result | None:
        """The value of an argument; None if it is not set. Raises EvaluationError."""
        attribute = attribute_of(self.layers, name)
        return None if attribute is None else self.evaluator.evaluate(attribute.expression)


@dataclass(frozen=True, slots=True)
class Found:
    """The blocks of one world, in their order. `trace` is the way of the collections that gave none."""

    nested: tuple[Nested, ...] = ()
    trace: Trace = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """What stands for the blocks in a world that Terraform refuses."""

    reason: str


Blocks: TypeAlias = "Found | Refused"


def expand(evaluator: Evaluator, layers: Iterable[Body], block_type: str) -> Choice[Blocks]:
    """The blocks of one type in every world, in their order. Raises BoundError, TooManyWorldsError."""
    found: Choice[Blocks] = Found()
    for block in nested_blocks(layers, block_type):
        more: Choice[Blocks]
        if block.type == block_type:
            more = Found((Nested((block.body,), evaluator, block.span),))
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
    if isinstance(after, Refused):
        return after
    return Found(before.nested + after.nested, before.trace + after.trace)


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

    def none(collection: Plain) -> Found:
        return Found(trace=passed(collection.trace, Step(expression.span, "repeated over this, which is empty")))

    def unroll(collection: Plain) -> Choice[Blocks]:
        refusal = _refusal(collection)
        if refusal is not None:
            return Refused(refusal)
        if isinstance(collection, UnknownValue):
            question = worlds.boolean(identity("has elements", (collection,)), f"length({site.text}) > 0")
            one = elements.any_of(collection, site.key, site)
            if one.included is False:
                return none(collection)
            some = Found((nested(one.key, one.value),))
            return worlds.choose(worlds.holds(question, "true"), lambda: some, lambda: none(collection))
        items = tuple(loops.items(collection))
        if len(items) > MAX_BLOCKS:
            raise BoundError(f"a dynamic block has more elements than the bound of {MAX_BLOCKS:,}")
        step = Step(expression.span, "repeated over this")
        return Found(tuple(nested(key, with_step(value, step)) for key, value in items)) if items else none(collection)

    return worlds.lift(unroll, evaluator.evaluate(expression))


def _refusal(collection: Plain) -> str | None:
    """Why Terraform takes no blocks from a value."""
    if isinstance(collection, UnknownValue):
        if collection.error:
            return collection.reason
        return _INVALID + "this value has no elements." if collection.type in (BOOL, NUMBER, STRING) else None
    if collection.data is None:
        return _INVALID + "cannot use a null value in for_each."
    return None if isinstance(collection.data, (tuple, Mapping)) else _INVALID + "this value has no elements."


def _iterator(body: Body, default: str) -> str:
    attribute = body.attributes.get("iterator")
    if attribute is None:
        return default
    expression: Expression = as_reference(attribute.expression)
    if not isinstance(expression, Variable):
        raise EvaluationError("the iterator of a dynamic block is a single name")
    return expression.name
