"""What other resources say about the pools of a deployment: risk configurations, and the triggers of SAM functions.

Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cognito_lint.cloudformation.data import Datum, OpenText, to_value
from cognito_lint.cloudformation.nodes import ListNode, Node, mapping, text_of
from cognito_lint.cloudformation.resources import Resource, value_at
from cognito_lint.cloudformation.stack import Stack
from cognito_lint.cloudformation.template import RISK
from cognito_lint.model import CUSTOM_AUTH_TRIGGERS, NO, RiskConfiguration, Unknown, Value
from cognito_lint.worlds import Choice, TooManyWorldsError, leaves, lift

FUNCTION = "AWS::Serverless::Function"
_TAKEOVER = ("AccountTakeoverRiskConfiguration", "Actions")
_COMPROMISED = "CompromisedCredentialsRiskConfiguration"


@dataclass(frozen=True, slots=True)
class Opened:
    """A stack, the worlds in which it is deployed, and the resources of it that matter for pools."""

    stack: Stack
    reached: Choice[Value]
    resources: tuple[Resource, ...]


class Attachments:
    """Which pool each resource speaks of, wherever in the deployment either stands.

    `triggered` are the addresses of the pools for which a SAM function is a custom-auth trigger.
    """

    def __init__(self, stacks: Iterable[Opened]) -> None:
        self.triggered: set[str] = set()
        self._risks: dict[str, list[tuple[Opened, Resource, Choice[Datum]]]] = {}
        for opened in stacks:
            before = len(opened.stack.deployment.problems)
            for resource in opened.resources:
                if resource.type == RISK:
                    self._add_risk(opened, resource)
                elif resource.type == FUNCTION:
                    self.triggered |= set(_triggered(opened.stack, resource))
            del opened.stack.deployment.problems[before:]  # whose a risk configuration is hinders no verdict

    def _add_risk(self, opened: Opened, resource: Resource) -> None:
        properties = mapping(resource.properties)
        pool = _evaluated(opened.stack, properties.get("UserPoolId") if properties else None, resource)
        for address in _addresses(pool):
            self._risks.setdefault(address, []).append((opened, resource, pool))

    def risks_of(self, address: str) -> Iterator[RiskConfiguration]:
        """The risk configurations of a pool, each deployed in the worlds in which it is this pool's."""
        for opened, resource, pool in self._risks.get(address, ()):

            def there(reached: Value, deployed: Value, datum: Datum) -> Value:
                return NO if reached.content is False or datum.resource != address else deployed

            yield _risk(opened.stack, resource, lift(there, opened.reached, resource.deployed, pool))


def _evaluated(stack: Stack, node: Node | None, resource: Resource) -> Choice[Datum]:
    try:
        return Datum(None) if node is None else stack.evaluate(node, resource.scope)
    except TooManyWorldsError:
        return Datum(None)


def _addresses(pool: Choice[Datum]) -> set[str]:
    return {datum.resource for datum in leaves(pool) if datum.resource is not None}


def _triggered(stack: Stack, function: Resource) -> Iterator[str]:
    """The pools of which a SAM function is a custom-auth trigger through its events."""
    properties = mapping(function.properties)
    events = mapping(properties.get("Events")) if properties else None
    for _, node in events or ():
        event = mapping(node)
        settings = mapping(event.get("Properties")) if event and text_of(event.get("Type")) == "Cognito" else None
        trigger = settings.get("Trigger") if settings else None
        named = trigger.items if isinstance(trigger, ListNode) else (trigger,)
        if settings is not None and any(text_of(name) in CUSTOM_AUTH_TRIGGERS for name in named):
            yield from _addresses(_evaluated(stack, settings.get("UserPool"), function))


def _risk(stack: Stack, resource: Resource, deployed: Choice[Value]) -> RiskConfiguration:
    return RiskConfiguration(
        address=stack.address + resource.logical_id,
        span=resource.span,
        deployed=deployed,
        client=value_at(stack, resource, ("ClientId",)),
        compromised_credentials=value_at(stack, resource, (_COMPROMISED, "Actions", "EventAction")),
        events=_events(stack, resource, (_COMPROMISED, "EventFilter")),
        high=value_at(stack, resource, (*_TAKEOVER, "HighAction", "EventAction")),
        medium=value_at(stack, resource, (*_TAKEOVER, "MediumAction", "EventAction")),
        low=value_at(stack, resource, (*_TAKEOVER, "LowAction", "EventAction")),
    )


def _events(stack: Stack, resource: Resource, keys: tuple[str, ...]) -> Choice[Value]:
    def named(datum: Datum) -> Value:
        content = datum.content
        if not isinstance(content, tuple):
            return to_value(datum)
        unknown = next((part.content for part in content if isinstance(part.content, Unknown | OpenText)), None)
        if unknown is not None:
            return Value(Unknown(unknown.reason), datum.trace)
        return Value(",".join(sorted(str(part.content) for part in content)), datum.trace)

    try:
        return lift(named, stack.at(resource.properties, keys, resource.scope))
    except TooManyWorldsError as error:
        return Value(Unknown(str(error)))
