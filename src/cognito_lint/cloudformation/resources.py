"""A stack's resources, loops unrolled, each with the worlds in which it is deployed: part of the stage "resolve"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cognito_lint.cloudformation import loops
from cognito_lint.cloudformation.data import to_value
from cognito_lint.cloudformation.loops import Expanded
from cognito_lint.cloudformation.nodes import Entry, MapNode, Node, is_null, mapping
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.cloudformation.stack import Stack
from cognito_lint.cloudformation.template import is_of
from cognito_lint.model import NO, YES, Span, Unknown, Value
from cognito_lint.worlds import Choice, TooManyWorldsError, both, choose, either, lift


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a stack, loops unrolled, with the worlds in which it is deployed; `fault` is what CloudFormation
    would refuse about these."""

    logical_id: str
    type: str
    span: Span
    body: MapNode
    scope: Scope
    deployed: Choice[Value]
    fault: str | None = None

    @property
    def properties(self) -> Node | None:
        """Its `Properties`, if there are any."""
        node = self.body.get("Properties")
        return None if is_null(node) else node


def resources(stack: Stack, types: tuple[str, ...]) -> Iterator[Resource]:
    """The resources of the given types; MODULE stands for those of any module."""
    section = stack.template.section("Resources")
    if section is None:
        return
    plain = stack.template.plain_resources(types)
    entries = _unrolled(stack, section) if plain is None else _as_written(plain, stack.base)
    for entry, repeated in entries:
        body = mapping(entry.node)
        node = body.get("Type") if body is not None else None
        found = stack.name(node, entry.scope) if node is not None else None
        if body is not None and found is not None and is_of(found, types):
            yield _resource(stack, entry, body, found, repeated=repeated)


def _unrolled(stack: Stack, section: MapNode) -> Iterator[tuple[Expanded, bool]]:
    """The entries of the section, loops unrolled, and whether there are others of its name: then the first stands for
    all."""
    kept: list[Expanded] = []
    there: dict[str, Choice[bool]] = {}
    repeated = set()
    for entry in loops.expand(stack, section, stack.base):
        before = there.get(entry.key, False) if entry.certain else False
        if both(before, entry.exists) is not False:
            repeated.add(entry.key)
            continue
        kept.append(entry)
        if entry.certain:
            there[entry.key] = either(before, entry.exists)
    return ((entry, entry.certain and entry.key in repeated) for entry in kept)


def _as_written(entries: Iterable[tuple[str, Entry]], scope: Scope) -> Iterator[tuple[Expanded, bool]]:
    return ((Expanded(key, entry, scope), False) for key, entry in entries)


def _resource(stack: Stack, entry: Expanded, body: MapNode, kind: str, *, repeated: bool) -> Resource:
    node = body.get("Condition")
    scope = entry.scope
    before = len(stack.deployment.problems)
    if repeated:
        message = f"a Fn::ForEach makes {entry.key}, which is there already"
        stack.reject(entry.node, message, "let the key hold every loop variable")
    deployed: Choice[Value] = lift(lambda made: YES if made else NO, entry.exists)
    if not entry.certain:
        reason = "the collection of a Fn::ForEach is not known"
        deployed = Value(Unknown(reason))
    if node is not None:
        name = stack.name(node, scope)
        if name is None or not stack.conditions.exists(name):
            known = stack.conditions.missing(node, name)
            meaning: Choice[bool] = known
        else:
            meaning, known = stack.conditions.meaning(name), stack.conditions.named(name, scope)
        there = deployed
        deployed = choose(known, lambda: there, lambda: NO)
        if meaning is not False:
            scope = scope.where(meaning)
    refused = stack.deployment.problems[before : before + 1]
    fault = refused[0].message if refused else None
    return Resource(entry.key, kind, entry.span, body, scope, deployed, fault)


def value_at(stack: Stack, resource: Resource, keys: tuple[str, ...]) -> Choice[Value]:
    """What a resource's property is in each world."""
    try:
        return lift(to_value, stack.at(resource.properties, keys, resource.scope))
    except TooManyWorldsError as error:
        return Value(Unknown(str(error)))
