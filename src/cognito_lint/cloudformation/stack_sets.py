"""Stack sets: one template, written in a property or in a file, deployed with the same parameters to many places.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
Part of the stage "resolve".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from cognito_lint.cloudformation import library, reader
from cognito_lint.cloudformation.data import Datum
from cognito_lint.cloudformation.nodes import (
    ListNode,
    MapNode,
    Node,
    OpaqueNode,
    is_null,
    mapping,
    same_text,
    text_of,
)
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.cloudformation.source import POOL_TYPE, Source
from cognito_lint.cloudformation.template import Template, is_template
from cognito_lint.model import Span
from cognito_lint.worlds import Choice, TooManyWorldsError

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack

_MOST_NODES = 20_000


class _Body(Source):
    """A text inside a template: all of it stands where the property does."""

    __slots__ = ("_place",)

    def __init__(self, place: Span, text: str) -> None:
        super().__init__(place.file, text)
        self._place = place

    def span(self, _start: int, _end: int) -> Span:
        """The span of the property."""
        return self._place


Bodies: TypeAlias = "dict[tuple[Span, str], Template | None]"
"""The templates of bodies that were read before: by a YAML alias, many stack sets may share one."""


def written_out(stack: Stack, body: Node, scope: Scope, known: Bodies) -> Template | None:
    """The template that a `TemplateBody` is, if the files decide it. Raises UnreadableError."""
    if isinstance(body, OpaqueNode):
        return None  # the tag of a tool that puts the text in before it is deployed
    try:
        made: Choice[Datum] | None = stack.evaluate(body, scope)
    except TooManyWorldsError:
        made = None
    if not isinstance(made, Datum) or not isinstance(made.content, str):
        return None
    key = (body.span, made.content)
    if key not in known:
        known[key] = _read(stack.template.path, _Body(*key))
    return known[key]


def _read(path: str, source: Source) -> Template | None:
    root = next((mapping(document) for document in reader.documents(source) if is_template(document)), None)
    if root is None:
        return None
    plain, ours = library.calls_nothing(source.text), "cognito-lint" in source.text
    return Template(path, root, {path}, source.repetitions, calls_nothing=plain, speaks_to_us=ours)


def speaks_of_pools(body: Node) -> bool:
    """Whether the text of a `TemplateBody` that is not decided names the type of a user pool."""
    return POOL_TYPE.search(same_text(body)) is not None


def arguments(properties: MapNode | None, template: Template) -> dict[str, Node]:
    """What the stacks' parameters are given. What differs from one stack to another is left open."""
    found: dict[str, Node] = {}
    listed = properties.get("Parameters") if properties else None
    for item in listed.items if isinstance(listed, ListNode) else (listed,):
        entry = mapping(item)
        name = text_of(entry.get("ParameterKey")) if entry else None
        value = entry.get("ParameterValue") if entry else None
        if name is not None and value is not None:
            found[name] = value
        elif item is not None and not is_null(item):
            reason = "the parameters of the stack set are no plain list"
            return {parameter: OpaqueNode(item.span, reason) for parameter in template.parameters}
    groups = properties.get("StackInstancesGroup") if properties else None
    for name, node in _overridden(groups, template) if groups is not None else ():
        found[name] = OpaqueNode(node.span, f"instances of the stack set are given a value of their own for {name}")
    return found


def _overridden(groups: Node, template: Template) -> Iterator[tuple[str, Node]]:
    """The parameters that a group of instances sets for itself, however that is written; past the bound, any."""
    waiting = [groups]
    looked_at = 0
    while waiting:
        looked_at += 1
        if looked_at > _MOST_NODES:
            yield from ((name, groups) for name in template.parameters)
            return
        node = waiting.pop()
        if isinstance(node, ListNode):
            waiting += node.items
        elif isinstance(node, MapNode):
            name = text_of(node.get("ParameterKey"))
            if name is not None:
                yield name, node
            waiting += (inner for _, inner in node)
