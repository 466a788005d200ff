"""The user pools of a stack, each property in every world: the end of the stage "resolve" in this wing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cognito_lint.cloudformation import loops, metadata
from cognito_lint.cloudformation.data import Datum, Failure, OpenText, Table, to_value
from cognito_lint.cloudformation.loops import Expanded
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, is_null, mapping, text_of
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.cloudformation.spaces import expanded, relevant, subjects
from cognito_lint.cloudformation.stack import Stack
from cognito_lint.cloudformation.template import LOOP, MODULE, POOL, RISK
from cognito_lint.model import NO, YES, Ignore, Problem, RiskConfiguration, Span, Unknown, UserPool, Value
from cognito_lint.worlds import (
    Choice,
    Space,
    Subject,
    TooManyWorldsError,
    choose,
    leaves,
    lift,
)

_ADD_ONS = "UserPoolAddOns"
_MOST_LOOPS = 1_000
_MODE = (_ADD_ONS, "AdvancedSecurityMode")
_CUSTOM_MODE = (_ADD_ONS, "AdvancedSecurityAdditionalFlows", "CustomAuthMode")
_TRIGGERS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a stack, loops unrolled, with the worlds in which it is deployed."""

    logical_id: str
    type: str
    span: Span
    body: MapNode
    scope: Scope
    deployed: Choice[Value]

    @property
    def properties(self) -> Node | None:
        """Its `Properties`, if there are any."""
        node = self.body.get("Properties")
        return None if is_null(node) else node


def resources(
    stack: Stack, types: tuple[str, ...], only: Callable[[Expanded], bool] | None = None
) -> Iterator[Resource]:
    """The resources of the given types; MODULE stands for those of any module."""
    section = stack.template.section("Resources")
    if section is None:
        return
    for entry in loops.expand(stack, section, stack.base):
        body = mapping(entry.node)
        if body is None or (only is not None and not only(entry)):
            continue
        found = _type(stack, body, entry.scope)
        if found in types or (MODULE in types and found is not None and found.endswith(MODULE)):
            yield _resource(stack, entry, body, found)


def _type(stack: Stack, body: MapNode, scope: Scope) -> str | None:
    node = body.get("Type")
    written = text_of(node)
    if written is None or not scope.bindings or node is None:
        return written
    made = stack.evaluate(node, scope)
    return made.content if isinstance(made, Datum) and isinstance(made.content, str) else written


def _resource(stack: Stack, entry: Expanded, body: MapNode, kind: str) -> Resource:
    node = body.get("Condition")
    scope = entry.scope
    deployed: Choice[Value] = lift(lambda made: YES if made else NO, entry.exists)
    if not entry.certain:
        reason = "the collection of a Fn::ForEach is not known"
        deployed = Value(Unknown(reason))
    if node is not None:
        name = text_of(node)
        if scope.bindings:
            made = stack.evaluate(node, scope)
            name = made.content if isinstance(made, Datum) and isinstance(made.content, str) else name
        if name is None or not stack.conditions.exists(name):
            known = stack.conditions.missing(node, name)
            meaning: Choice[bool] = known
        else:
            meaning, known = stack.conditions.meaning(name), stack.conditions.named(name)
        there = deployed
        deployed = choose(known, lambda: there, lambda: NO)
        if meaning is not False:
            scope = scope.where(meaning)
    return Resource(entry.key, kind, entry.span, body, scope, deployed)


# ---- pools ---------------------------------------------------------------------------------------------------------


def user_pools(stack: Stack, unit: str, reached: Choice[Value]) -> Iterator[tuple[Resource, UserPool]]:
    """Every pool of one stack and the resource that declares it, without those of its nested stacks.

    `reached` says when the stack itself is deployed.
    """
    found = list(resources(stack, (POOL, RISK, "AWS::Serverless::Function")))
    for resource in found:
        if resource.type == POOL:
            yield resource, _Pool(stack, resource, unit, reached, found).build()


def undecided(stack: Stack, unit: str, reason: str) -> Iterator[UserPool]:
    """The pools that a template declares, as they are written, where nothing more can be said of them."""
    waiting = [stack.template.section("Resources")]
    while waiting:
        for key, entry in (waiting.pop() or MapNode(Span(""), {})).entries.items():
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
        self, stack: Stack, resource: Resource, unit: str, reached: Choice[Value], others: list[Resource]
    ) -> None:
        self._stack = stack
        self._resource = resource
        self._unit = unit
        self._reached = reached
        self._others = others
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
        risks = tuple(self._risks())
        del stack.deployment.problems[kept:]  # what doesn't touch the verdict doesn't hinder it
        choices = (mode, deployed, tier, custom, triggers)
        return UserPool(
            address=stack.address + resource.logical_id,
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
        try:
            choice = stack.at(self._resource.properties, _MODE, self._resource.scope)
            self._check_shape(choice)
            return self._without_failures(choice, deployed)
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

    def _property(self, keys: tuple[str, ...], resource: Resource | None = None) -> Choice[Value]:
        resource = resource or self._resource
        try:
            return lift(to_value, self._stack.at(resource.properties, keys, resource.scope))
        except TooManyWorldsError as error:
            return Value(Unknown(str(error)))

    def _triggers(self) -> Choice[Value]:
        try:
            found: Choice[Value] = NO
            for trigger in _TRIGGERS:
                choice = self._stack.at(self._resource.properties, ("LambdaConfig", trigger), self._resource.scope)
                found = lift(lambda one, datum: YES if datum.content is not None else one, found, choice)
        except TooManyWorldsError as error:
            return Value(Unknown(str(error)))
        if found is NO and any(self._triggers_of(other) for other in self._others):
            return YES
        return found

    def _triggers_of(self, function: Resource) -> bool:
        """Whether a SAM function is a custom-auth trigger of this pool through its events."""
        properties = mapping(function.properties) if function.type == "AWS::Serverless::Function" else None
        events = mapping(properties.get("Events")) if properties else None
        for _, node in events or ():
            event = mapping(node)
            settings = mapping(event.get("Properties")) if event and text_of(event.get("Type")) == "Cognito" else None
            if settings is None or self._is_me(settings.get("UserPool"), function.scope) is False:
                continue
            trigger = settings.get("Trigger")
            named = trigger.items if isinstance(trigger, ListNode) else (trigger,)
            if any(text_of(name) in _TRIGGERS for name in named):
                return True
        return False

    def _is_me(self, node: Node | None, scope: Scope) -> Choice[bool]:
        """The worlds in which an expression gives this pool's id."""
        if node is None:
            return False
        me = self._stack.address + self._resource.logical_id
        try:
            return lift(lambda datum: datum.resource == me, self._stack.evaluate(node, scope))
        except TooManyWorldsError:
            return False

    def _risks(self) -> Iterator[RiskConfiguration]:
        for other in self._others:
            properties = mapping(other.properties) if other.type == RISK else None
            mine = self._is_me(properties.get("UserPoolId"), other.scope) if properties else False
            if mine is False:
                continue
            takeover = ("AccountTakeoverRiskConfiguration", "Actions")
            compromised = "CompromisedCredentialsRiskConfiguration"
            yield RiskConfiguration(
                address=self._stack.address + other.logical_id,
                span=other.span,
                deployed=lift(lambda yes, there: there if yes else NO, mine, other.deployed),
                client=self._property(("ClientId",), other),
                compromised_credentials=self._property((compromised, "Actions", "EventAction"), other),
                events=self._events((compromised, "EventFilter"), other),
                high=self._property((*takeover, "HighAction", "EventAction"), other),
                medium=self._property((*takeover, "MediumAction", "EventAction"), other),
                low=self._property((*takeover, "LowAction", "EventAction"), other),
            )

    def _events(self, keys: tuple[str, ...], other: Resource) -> Choice[Value]:
        def named(datum: Datum) -> Value:
            content = datum.content
            if not isinstance(content, tuple):
                return to_value(datum)
            unknown = next((part.content for part in content if isinstance(part.content, Unknown | OpenText)), None)
            if unknown is not None:
                return Value(Unknown(unknown.reason), datum.trace)
            return Value(",".join(sorted(str(part.content) for part in content)), datum.trace)

        try:
            return lift(named, self._stack.at(other.properties, keys, other.scope))
        except TooManyWorldsError as error:
            return Value(Unknown(str(error)))

    # ---- where and in which worlds -----------------------------------------------------------------------------

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
            for choice in (
                risk.deployed,
                risk.client,
                risk.compromised_credentials,
                risk.events,
                risk.high,
                risk.medium,
                risk.low,
            ):
                used |= subjects(choice)
        definitions = {
            subject: deployment.definitions[subject] for subject in used if subject in deployment.definitions
        }
        for definition in definitions.values():
            used |= subjects(definition)
        failures = [expanded(works, deployment.definitions) for works in self._failures]
        rule = relevant([*deployment.requirements, *failures], used)
        used |= subjects(rule)
        defaults = {subject: outcome for subject, outcome in deployment.defaults.items() if subject in used}
        return Space(definitions, rule, defaults)


def _joined(reached: Value, deployed: Value) -> Value:
    if reached.content is False or deployed.content is False:
        return NO
    return reached if isinstance(reached.content, Unknown) else deployed
