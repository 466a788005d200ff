"""The user pools of a stack, each property in every world: the end of the stage "resolve" in this wing."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_lint.cloudformation import metadata
from cognito_lint.cloudformation.attachments import Attachments, Opened
from cognito_lint.cloudformation.data import Datum, Failure, Table, to_value
from cognito_lint.cloudformation.definitions import expanded
from cognito_lint.cloudformation.nodes import EMPTY, ListNode, MapNode, mapping, text_of
from cognito_lint.cloudformation.resources import Resource, value_at
from cognito_lint.cloudformation.stack import Stack
from cognito_lint.cloudformation.template import LOOP, POOL
from cognito_lint.model import (
    CUSTOM_AUTH_TRIGGERS,
    ENFORCED,
    NO,
    YES,
    Ignore,
    Problem,
    RiskConfiguration,
    Span,
    Unknown,
    UserPool,
    Value,
)
from cognito_lint.spaces import Requirement, Space, relevant, subjects
from cognito_lint.worlds import Choice, Subject, TooManyWorldsError, both, leaves, lift

_ADD_ONS = "UserPoolAddOns"
_MOST_LOOPS = 1_000
_MODE = (_ADD_ONS, "AdvancedSecurityMode")
_CUSTOM_MODE = (_ADD_ONS, "AdvancedSecurityAdditionalFlows", "CustomAuthMode")


def user_pools(opened: Opened, unit: str, attachments: Attachments) -> Iterator[tuple[Resource, UserPool]]:
    """Every pool of one stack and the resource that declares it, without those of its nested stacks."""
    for resource in opened.resources:
        if resource.type == POOL:
            yield resource, _Pool(opened.stack, resource, unit, opened.reached, attachments).build()


def undecided(stack: Stack, unit: str, reason: str) -> Iterator[UserPool]:
    """The pools that a template declares, as they are written, where nothing more can be said of them."""
    waiting = [stack.template.section("Resources")]
    while waiting:
        for key, entry in (waiting.pop() or EMPTY).entries.items():
            if key.startswith(LOOP) and isinstance(entry.node, ListNode) and len(waiting) < _MOST_LOOPS:
                waiting += (inner for item in entry.node.items[2:] if (inner := mapping(item)) is not None)
            body = mapping(entry.node)
            if body is not None and text_of(body.get("Type")) == POOL:
                mode = Value(Unknown(reason))
                yield UserPool(
                    address=stack.address + key,
                    kind="cloudformation",
                    unit=unit,
                    span=entry.span,
                    anchor=entry.span,
                    mode=mode,
                    callers=stack.callers,
                    ignores=_ignores(stack, entry.span, body),
                )


def _ignores(stack: Stack, key: Span, body: MapNode) -> tuple[Ignore, ...]:
    """What a pool's own metadata, its template's and that of the nested stacks around it want suppressed."""
    return (*metadata.of_resource(key, body), *metadata.of_template(stack.template), *stack.ignores)


class _Pool:
    """One pool while it is put together."""

    def __init__(
        self, stack: Stack, resource: Resource, unit: str, reached: Choice[Value], attachments: Attachments
    ) -> None:
        self._stack = stack
        self._resource = resource
        self._unit = unit
        self._reached = reached
        self._attachments = attachments
        self._address = stack.address + resource.logical_id
        self._failures: list[Choice[bool]] = []

    def build(self) -> UserPool:
        stack, resource = self._stack, self._resource
        before = len(stack.deployment.problems)
        deployed = self._deployed()
        mode = self._mode(deployed)
        if len(stack.deployment.problems) > before:
            first = stack.deployment.problems[before]
            mode = Value(Unknown(first.message))
        kept = len(stack.deployment.problems)
        tier = self._property(("UserPoolTier",))
        custom = self._property(_CUSTOM_MODE)
        triggers = self._triggers()
        risks = tuple(self._attachments.risks_of(self._address))
        del stack.deployment.problems[kept:]  # what doesn't touch the verdict doesn't hinder it
        choices = (mode, deployed, tier, custom, triggers)
        return UserPool(
            address=self._address,
            kind="cloudformation",
            unit=self._unit,
            span=resource.span,
            anchor=self._anchor(),
            mode=mode,
            deployed=deployed,
            tier=tier,
            custom_auth_mode=custom,
            custom_auth_triggers=triggers,
            risk_configurations=risks,
            label=self._label(),
            space=self._space(choices, risks),
            callers=stack.callers,
            ignores=_ignores(stack, resource.span, resource.body),
        )

    def _deployed(self) -> Choice[Value]:
        try:
            return lift(_joined, self._reached, self._resource.deployed)
        except TooManyWorldsError as error:
            return Value(Unknown(str(error)))

    def _mode(self, deployed: Choice[Value]) -> Choice[Value]:
        stack = self._stack
        macro = stack.macro
        if macro is not None:
            return Value(Unknown(f"the macro {macro} may change the template"))
        whole = self._resource.body.get("Fn::Transform")
        if whole is not None:
            return Value(Unknown("a macro (Fn::Transform) writes this part of the template"))
        fault = self._resource.fault or stack.fault
        try:
            choice = stack.at(self._resource.properties, _MODE, self._resource.scope)
            self._check_shape(choice)
            mode = self._without_failures(choice, deployed)
            return mode if fault is None else lift(lambda value: _doubted(value, fault), mode)
        except TooManyWorldsError as error:
            return Value(Unknown(str(error)))

    def _check_shape(self, choice: Choice[Datum]) -> None:
        for datum in leaves(choice):
            if isinstance(datum.content, tuple | Table):
                problem = Problem(self._anchor(), "AdvancedSecurityMode takes a text: OFF, AUDIT or ENFORCED")
                self._stack.deployment.problems.append(problem)

    def _without_failures(self, choice: Choice[Datum], deployed: Choice[Value]) -> Choice[Value]:
        """Worlds in which CloudFormation would stop are none; if all are, that is what is wrong."""
        failed = [datum.content for datum in leaves(choice) if isinstance(datum.content, Failure)]
        if failed:
            works: Choice[bool] = lift(
                lambda there, datum: there.content is False or not isinstance(datum.content, Failure), deployed, choice
            )
            if works is False:
                self._stack.deployment.problems.append(Problem(failed[0].span, failed[0].message))
            else:
                self._failures.append(works)
        return lift(to_value, choice)

    def _property(self, keys: tuple[str, ...]) -> Choice[Value]:
        return value_at(self._stack, self._resource, keys)

    def _triggers(self) -> Choice[Value]:
        try:
            found: Choice[Value] = NO
            for trigger in CUSTOM_AUTH_TRIGGERS:
                choice = self._stack.at(self._resource.properties, ("LambdaConfig", trigger), self._resource.scope)
                found = lift(lambda one, datum: YES if datum.content is not None else one, found, choice)
        except TooManyWorldsError as error:
            return Value(Unknown(str(error)))
        return YES if found is NO and self._address in self._attachments.triggered else found

    def _anchor(self) -> Span:
        properties = mapping(self._resource.properties)
        entry = properties.entries.get(_ADD_ONS) if properties else None
        return entry.span if entry else self._resource.span

    def _label(self) -> str | None:
        metadata = mapping(self._resource.body.get("Metadata"))
        return text_of(metadata.get("aws:cdk:path")) if metadata else None

    def _space(self, choices: tuple[Choice[Value], ...], risks: tuple[RiskConfiguration, ...]) -> Space:
        deployment = self._stack.deployment
        used: set[Subject] = set()
        for choice in choices:
            used |= subjects(choice)
        for risk in risks:
            for choice in risk.choices:
                used |= subjects(choice)
        definitions = {
            subject: deployment.definitions[subject] for subject in used if subject in deployment.definitions
        }
        for definition in definitions.values():
            used |= subjects(definition)
        failures = [expanded(works, deployment.definitions) for works in self._failures]
        rule: Choice[bool] = True
        for requirement in relevant(map(Requirement.that, (*deployment.requirements, *failures)), used):
            rule = both(rule, requirement)
        used |= subjects(rule)
        defaults = {subject: outcome for subject, outcome in deployment.defaults.items() if subject in used}
        return Space(definitions, rule, defaults)


def _doubted(mode: Value, fault: str) -> Value:
    """The mode of a pool whose deployment is at fault: it is not sure to be enforced. What does not enforce stays so,
    as in a part of a template whose conditions another file defines."""
    return Value(Unknown(fault), mode.trace) if mode.content == ENFORCED else mode


def _joined(reached: Value, deployed: Value) -> Value:
    if reached.content is False or deployed.content is False:
        return NO
    return reached if isinstance(reached.content, Unknown) else deployed
