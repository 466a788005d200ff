"""Risk configurations, and which pool each belongs to: the one whose id its `user_pool_id` refers to.

https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/cognito_risk_configuration.html.markdown
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cognito_lint import worlds
from cognito_lint.model import ABSENT, NO, YES, RiskConfiguration, Unknown, Value
from cognito_lint.terraform import blocks
from cognito_lint.terraform.configuration import Declaration
from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.expressions import Evaluator
from cognito_lint.terraform.identities import identity, object_subject
from cognito_lint.terraform.keys import suffix
from cognito_lint.terraform.properties import quiet, value_of
from cognito_lint.terraform.provider import RISK_CONFIGURATION
from cognito_lint.terraform.scope import Instance
from cognito_lint.terraform.syntax import Body
from cognito_lint.terraform.types import ANY, STRING
from cognito_lint.terraform.values import (
    EVALUATION_ERRORS,
    Known,
    Plain,
    Result,
    UnknownValue,
    null,
    plain,
    resolve_deep,
)
from cognito_lint.worlds import Choice, TooManyWorldsError

_CREDENTIALS = "compromised_credentials_risk_configuration"
_TAKEOVER = "account_takeover_risk_configuration"


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk configuration, and the pool's id as it has it."""

    configuration: RiskConfiguration
    pool: Result

    def of(self, address: str) -> RiskConfiguration | None:
        """The risk configuration as that of the pool with this address; None if it never is."""
        pool = UnknownValue(ANY, "", object_subject("", address))
        key = identity("attribute id", (pool,))

        def belongs(deployed: Value, leaf: Plain) -> Value:
            return deployed if isinstance(leaf, UnknownValue) and leaf.subject.key == key else NO

        try:
            deployed = worlds.lift(belongs, self.configuration.deployed, self.pool)
        except TooManyWorldsError:
            return None
        return None if deployed == NO else replace(self.configuration, deployed=deployed)


def risks(instance: Instance) -> Iterator[Risk]:
    """The risk configurations of one module instance."""
    for name, declaration in instance.configuration.of_type(RISK_CONFIGURATION):
        repetition = instance.repetition(f"{RISK_CONFIGURATION}.{name}", declaration)
        for key in repetition.instances():
            evaluator = Evaluator(instance, repetition.names(key))
            exists = worlds.both(instance.exists, repetition.exists(key))
            address = f"{instance.address}{RISK_CONFIGURATION}.{name}{suffix(key)}"
            yield _risk(declaration, evaluator, address, exists)


def _risk(declaration: Declaration, evaluator: Evaluator, address: str, exists: Choice[bool]) -> Risk:
    def argument(name: str) -> Result:
        attribute = declaration.attribute(name)
        return null() if attribute is None else evaluator.evaluate(attribute.expression)

    def action(*path: str) -> Choice[Value]:
        return quiet(lambda: _at(evaluator, declaration.layers, (*path, "event_action"), value_of))

    try:
        pool = argument("user_pool_id")
    except EVALUATION_ERRORS:
        pool = null()
    configuration = RiskConfiguration(
        address=address,
        span=declaration.block.span,
        deployed=worlds.lift(lambda there: YES if there else NO, exists),
        client=quiet(lambda: worlds.lift(value_of, convert(argument("client_id"), STRING))),
        compromised_credentials=action(_CREDENTIALS, "actions"),
        events=quiet(lambda: _at(evaluator, declaration.layers, (_CREDENTIALS, "event_filter"), _names)),
        high=action(_TAKEOVER, "actions", "high_action"),
        medium=action(_TAKEOVER, "actions", "medium_action"),
        low=action(_TAKEOVER, "actions", "low_action"),
    )
    return Risk(configuration, pool)


def _at(
    evaluator: Evaluator, layers: tuple[Body, ...], path: tuple[str, ...], content: Callable[[Plain], Value]
) -> Choice[Value]:
    """The argument at the end of a path of blocks."""
    block_type, *rest = path

    def inner(found: blocks.Blocks) -> Choice[Value]:
        if isinstance(found, blocks.Refused) or not found.nested:
            return ABSENT
        nested = found.nested[0]
        if len(rest) > 1:
            return _at(nested.evaluator, nested.layers, tuple(rest), content)
        value = nested.argument(rest[0])
        return ABSENT if value is None else worlds.lift(content, resolve_deep(value))

    return worlds.lift(inner, blocks.expand(evaluator, layers, block_type))


def _names(leaf: Plain) -> Value:
    if isinstance(leaf, UnknownValue):
        return Value(Unknown(leaf.reason), leaf.trace)
    if not isinstance(leaf.data, tuple) or not leaf.data:
        return ABSENT
    items = [plain(item) for item in leaf.data]
    unknown = next((item for item in items if isinstance(item, UnknownValue)), None)
    if unknown is not None:
        return Value(Unknown(unknown.reason), leaf.trace)
    return Value(",".join(sorted(str(item.data) for item in items if isinstance(item, Known))), leaf.trace)
