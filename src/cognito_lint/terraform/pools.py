"""From resources to user pools: the end of the stage "resolve" in the Terraform wing.

https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/cognito_user_pool.html.markdown
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cognito_lint import worlds
from cognito_lint.model import (
    ABSENT,
    MODES,
    NO,
    YES,
    Span,
    Unknown,
    UserPool,
    Value,
)
from cognito_lint.spaces import Requirement
from cognito_lint.terraform import blocks
from cognito_lint.terraform.blocks import Nested, Refused
from cognito_lint.terraform.configuration import Declaration, attribute_of, nested_blocks
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.drafts import Draft
from cognito_lint.terraform.equality import equals
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.json_comments import ignores_of
from cognito_lint.terraform.keys import Key, suffix
from cognito_lint.terraform.lifecycle import ignored_changes
from cognito_lint.terraform.properties import quiet, reason_of, value_of
from cognito_lint.terraform.provider import ADD_ONS, CUSTOM_AUTH_TRIGGERS, POOL
from cognito_lint.terraform.repetition import Repetition
from cognito_lint.terraform.scope import Instance
from cognito_lint.terraform.types import ANY, STRING
from cognito_lint.terraform.validations import preconditions_hold
from cognito_lint.terraform.values import (
    EVALUATION_ERRORS,
    EvaluationError,
    Plain,
    Result,
    UnknownValue,
    failed,
    failure,
    null,
    string,
)
from cognito_lint.worlds import Choice, Subject, TooManyWorldsError


def drafts(instance: Instance, unit: str) -> Iterator[Draft]:
    """The pools of one module instance."""
    for name, declaration in instance.configuration.of_type(POOL):
        repetition = instance.repetition(f"{POOL}.{name}", declaration)
        if repetition.refusal is not None:
            message = f"{POOL}.{name}: {repetition.refusal}"
            instance.deployment.problem(repetition.span, message, where=instance.exists)
        for key in repetition.listed():
            yield _Pool(instance, declaration, name, key, repetition).draft(unit)


class _Pool:
    def __init__(
        self, instance: Instance, declaration: Declaration, name: str, key: Key, repetition: Repetition
    ) -> None:
        self._instance = instance
        self._declaration = declaration
        self._repetition = repetition
        self._key = key
        self._evaluator = Evaluator(instance, repetition.names(key))
        self._address = f"{instance.address}{POOL}.{name}{suffix(key)}"
        there = worlds.both(instance.exists, repetition.exists(key))
        self._exists = worlds.both(there, preconditions_hold(self._evaluator, declaration))
        self._questions: dict[str, Subject] = {}
        self._late: list[Requirement] = []

    def draft(self, unit: str) -> Draft:
        declaration = self._declaration
        full, plain = self._mode()
        pool = UserPool(
            address=self._address,
            kind="terraform",
            unit=unit,
            span=declaration.block.span,
            anchor=self._anchor(),
            mode=full,
            deployed=worlds.lift(lambda there: YES if there else NO, self._exists),
            tier=quiet(lambda: self._value(self._attribute("user_pool_tier"))),
            custom_auth_mode=quiet(self._custom_auth_mode),
            custom_auth_triggers=quiet(self._triggers),
            ignored_changes=ignored_changes(declaration),
            callers=self._instance.callers,
            ignores=(*ignores_of(declaration), *self._instance.ignores),
        )
        return Draft(pool, plain, self._questions, tuple(self._late))

    def _anchor(self) -> Span:
        found = nested_blocks(self._declaration.layers, ADD_ONS)
        return found[0].span if found else self._declaration.block.span

    def _mode(self) -> tuple[Choice[Value], Choice[Value]]:
        """The mode with what the provider accepts of it, and as it is written."""
        hindrance = self._hindrance()
        if hindrance is not None:
            return (Value(Unknown(hindrance)),) * 2
        try:
            written = self._written_mode()
        except EvaluationError as error:
            self._instance.deployment.problem(self._anchor(), f"{self._address}: {error}", where=self._exists)
            return (Value(Unknown(str(error))),) * 2
        except EVALUATION_ERRORS as error:
            return (Value(Unknown(reason_of(error))),) * 2
        try:
            full = worlds.lift(self._accepted, written)
            accepted = worlds.lift(_is_accepted, written, full)
            if accepted is not False:  # what the provider never accepts is reported, like a wrong mode that is known
                self._require(accepted)
            return full, self._value(written)
        except TooManyWorldsError as error:
            return (Value(Unknown(str(error))),) * 2

    def _hindrance(self) -> str | None:
        """Why the declaration itself decides nothing."""
        declaration = self._declaration
        if declaration.rivals:
            place = declaration.rivals[0].span
            return f"{self._address} is declared a second time in {place.file} on line {place.line}"
        if self._repetition.refusal is not None:
            return self._repetition.refusal
        if declaration.problems:
            first = declaration.problems[0]
            return f"its block is in error on line {first.span.line}: {first.message}"
        for file in self._instance.configuration.files:
            for problem in file.problems:
                if any(block.whole.holds(problem.span) for block in (declaration.block, *declaration.overrides)):
                    return f"its block is in error on line {problem.span.line}: {problem.message}"
        attribute = attribute_of((body for body in declaration.layers if not body.json), ADD_ONS)
        if attribute is not None and not declaration.overrides:  # arguments of a merged body are not checked
            message = f"{ADD_ONS} is a block, not an argument"
            self._instance.deployment.problem(
                attribute.span, message, f"write {ADD_ONS} {{ … }} without the equals sign"
            )
            return message
        return None

    @cached_property
    def _add_ons(self) -> Choice[blocks.Blocks]:
        return blocks.expand(self._evaluator, self._declaration.layers, ADD_ONS)

    def _written_mode(self) -> Result:
        result = worlds.lift(self._of_blocks, self._add_ons)
        return self._possible(worlds.lift(_as_string, result))

    def _of_blocks(self, found: blocks.Blocks) -> Result:
        if isinstance(found, Refused):
            return failure(EvaluationError(found.reason))
        if not found.nested:
            return null(STRING, found.trace)
        if len(found.nested) > 1:
            message = f"there are {len(found.nested)} {ADD_ONS} blocks, the provider accepts no more than one"
            return failure(EvaluationError(message))
        block = found.nested[0]
        for body in block.layers:
            if body.problems:
                return failure(EvaluationError(body.problems[0].message))
        try:
            value = block.argument("advanced_security_mode")
        except EvaluationError as error:
            return failure(error)
        return null(STRING) if value is None else value

    def _possible(self, result: Result) -> Result:
        """The result; a world that Terraform refuses is none, unless there is no other. Raises EvaluationError."""
        refused = worlds.lift(failed, result)
        if refused is True:
            first = next(iter(worlds.leaves(result)))
            raise EvaluationError(first.reason if isinstance(first, UnknownValue) else "")
        self._require(worlds.negate(refused))
        return result

    def _require(self, sound: Choice[bool]) -> None:
        """Terraform refuses the other worlds: as a whole where it knows before it creates anything, else this pool."""
        late = self._instance.deployment.require(worlds.either(worlds.negate(self._exists), sound))
        if late is not None:
            self._late.append(late)

    def _accepted(self, leaf: Plain) -> Choice[Value]:
        """An unknown mode is one of the three that the provider accepts, or null, which is as good as no block."""
        if not isinstance(leaf, UnknownValue) or leaf.error:
            return value_of(leaf)
        self._questions[leaf.reason] = leaf.subject
        site = self._evaluator.site(self._declaration.block.span)
        choice: Choice[Value] = Value(Unknown(leaf.reason, frozenset(MODES)), leaf.trace)
        for mode in reversed(MODES):
            hit = equals(leaf, string(mode), site)
            choice = worlds.lift(lambda yes, other, mode=mode: Value(mode, leaf.trace) if yes else other, hit, choice)
        missing = equals(leaf, null(), site)
        return worlds.lift(lambda yes, other: Value(None, leaf.trace) if yes else other, missing, choice)

    def _attribute(self, name: str) -> Result:
        attribute = self._declaration.attribute(name)
        return null() if attribute is None else self._evaluator.evaluate(attribute.expression)

    def _value(self, result: Result) -> Choice[Value]:
        return worlds.lift(value_of, worlds.lift(_as_string, result))

    def _custom_auth_mode(self) -> Choice[Value]:
        def inner(found: blocks.Blocks) -> Choice[Value]:
            if isinstance(found, Refused) or len(found.nested) != 1:
                return ABSENT
            return flows(found.nested[0])

        def flows(add_ons: Nested) -> Choice[Value]:
            deeper = blocks.expand(add_ons.evaluator, add_ons.layers, "advanced_security_additional_flows")
            return worlds.lift(lambda found: self._value(_argument(found, "custom_auth_mode")), deeper)

        return worlds.lift(inner, self._add_ons)

    def _triggers(self) -> Choice[Value]:
        found = blocks.expand(self._evaluator, self._declaration.layers, "lambda_config")
        answer: Choice[Value] = NO
        for trigger in CUSTOM_AUTH_TRIGGERS:
            value = worlds.lift(lambda nested, trigger=trigger: _argument(nested, trigger), found)
            answer = worlds.lift(_either, answer, worlds.lift(_is_set, value))
        return answer


def _either(one: Value, other: Value) -> Value:
    if one.content is True or other.content is False:
        return one
    return other


def _is_accepted(written: Plain, accepted: Value) -> bool:
    """Whether the provider accepts the mode: of an unknown one, everything but its modes is no world."""
    return not (isinstance(written, UnknownValue) and not written.error and isinstance(accepted.content, Unknown))


def _is_set(leaf: Plain) -> Choice[Value]:
    if isinstance(leaf, UnknownValue):
        there = Value(True, leaf.trace)
        if leaf.type == ANY or not leaf.nullable:
            return there  # an ARN that is known only after apply
        return worlds.choose(worlds.holds(leaf.subject, "null"), lambda: NO, lambda: there)
    return Value(True, leaf.trace) if leaf.data not in (None, "") else NO


def _argument(found: blocks.Blocks, name: str) -> Result:
    if isinstance(found, Refused) or len(found.nested) != 1:
        return null()
    value = found.nested[0].argument(name)
    return null() if value is None else value


def _as_string(leaf: Plain) -> Result:
    try:
        return convert(leaf, STRING)
    except EvaluationError as error:
        return failure(EvaluationError(f"Inappropriate value for attribute: {error}."))
