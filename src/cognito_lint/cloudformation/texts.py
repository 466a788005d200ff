"""Functions that make texts: `Fn::Sub`, `Fn::Join`, `Fn::Split`, … and what they read from resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cognito_lint.cloudformation.data import Datum, Failure, OpenText, Table, is_scalar, scalar, text, unknown
from cognito_lint.cloudformation.nodes import ListNode, Node, ScalarNode, mapping, text_of
from cognito_lint.cloudformation.placeholders import substitute
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.model import Step, Unknown
from cognito_lint.worlds import Choice, lift

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack

_IDS = ("UserPoolId",)
_PLACEHOLDER = re.compile(r"\$\{(!?)([^{}]*)\}")


def sub(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::Sub`, in both forms."""
    written, table = argument, None
    if isinstance(argument, ListNode) and len(argument.items) == 2:
        written, table = argument.items[0], mapping(argument.items[1])
        if table is None:
            return stack.reject(node, "the second argument of Fn::Sub is a mapping of its own names")
    template = text_of(written)
    if template is None and isinstance(written, ScalarNode) and is_scalar(written.content):
        return scalar(written)
    if template is None:
        return stack.reject(node, "Fn::Sub takes a text, or a list of a text and a mapping")
    literal = (Step(written.span, "decided here"),)
    parts: list[Choice[Datum]] = []
    position = 0
    for match in _PLACEHOLDER.finditer(template):
        parts.append(_plain(template[position : match.start()], written, scope))
        position = match.end()
        name = match[2].strip()
        if match[1]:
            parts.append(Datum("${" + match[2] + "}", literal))
        elif table is not None and table.get(name) is not None:
            parts.append(lift(lambda datum: datum.passed(node.span, "put in here"), stack.at(table, (name,), scope)))
        elif "." in name and name not in scope.bindings:
            parts.append(attribute(stack, name.split(".", 1)[0], name.split(".", 1)[1], node, scope))
        else:
            parts.append(stack.reference(name, node, scope))
    parts.append(_plain(template[position:], written, scope))
    kept = [part for part in parts if not (isinstance(part, Datum) and part.content == "")] or [Datum("", literal)]
    return stack.joined(kept, node)


def _plain(written: str, node: Node, scope: Scope) -> Choice[Datum]:
    if scope.bindings:
        return substitute(written, node, scope.bindings)
    return Datum(written, (Step(node.span, "decided here"),))


def join(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::Join`."""
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) != 2:
        return stack.reject(node, "Fn::Join takes a delimiter and a list")

    def joined(delimiter: Datum, parts: Datum) -> Choice[Datum]:
        if isinstance(parts.content, Unknown | Failure | OpenText):
            return replace(parts, content=parts.content.unknown()) if isinstance(parts.content, OpenText) else parts
        if not isinstance(parts.content, tuple) or not isinstance(delimiter.content, str):
            return stack.reject(node, "Fn::Join takes a delimiter and a list")
        pieces: list[Choice[Datum]] = []
        for index, part in enumerate(parts.content):
            if index and delimiter.content:
                pieces.append(Datum(delimiter.content))
            pieces.append(part)
        return stack.joined(pieces, node)

    return lift(joined, stack.evaluate(items[0], scope), stack.evaluate(items[1], scope))


def split_text(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::Split`."""
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) != 2:
        return stack.reject(node, "Fn::Split takes a delimiter and a text")

    def parted(delimiter: Datum, whole: Datum) -> Datum:
        content = whole.content
        if isinstance(content, OpenText):
            return replace(whole, content=Unknown(content.reason))
        if isinstance(content, Unknown | Failure):
            return whole
        if (
            not isinstance(delimiter.content, str)
            or not delimiter.content
            or not isinstance(content, str | int | float)
        ):
            return stack.reject(node, "Fn::Split takes a delimiter and a text")
        return Datum(tuple(Datum(part, whole.trace) for part in text(content).split(delimiter.content)), whole.trace)

    return lift(parted, stack.evaluate(items[0], scope), stack.evaluate(items[1], scope))


def to_base64(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::Base64`."""

    def encoded(datum: Datum) -> Datum:
        content = datum.content
        if isinstance(content, str | bool | int | float):
            import base64

            return replace(datum, content=base64.b64encode(text(content).encode()).decode(), written=None)
        if isinstance(content, OpenText):
            return replace(datum, content=Unknown(content.reason))
        return datum if isinstance(content, Unknown | Failure) else stack.reject(node, "Fn::Base64 takes a text")

    return lift(encoded, stack.evaluate(argument, scope))


def length(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::Length`."""

    def counted(datum: Datum) -> Datum:
        if isinstance(datum.content, tuple):
            return Datum(len(datum.content), (Step(node.span, "counted here"),))
        if isinstance(datum.content, OpenText):
            return replace(datum, content=Unknown(datum.content.reason))
        return datum if isinstance(datum.content, Unknown | Failure) else stack.reject(node, "Fn::Length takes a list")

    return lift(counted, stack.evaluate(argument, scope))


def to_json(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::ToJsonString`."""

    def spelled(datum: Datum) -> Datum:
        failed = _undecided_part(datum)
        if failed is not None:
            return failed
        import json

        written = json.dumps(_as_json(datum), separators=(",", ":"), ensure_ascii=False)
        return Datum(written, (Step(node.span, "decided here"),))

    return lift(spelled, stack.evaluate(argument, scope))


def _undecided_part(datum: Datum) -> Datum | None:
    content = datum.content
    if isinstance(content, Failure):
        return datum
    if isinstance(content, Unknown | OpenText):
        return replace(datum, content=Unknown(content.reason))
    parts = content if isinstance(content, tuple) else ()
    if isinstance(content, Table):
        parts = tuple(part for _, part in content.entries)
    return next((found for part in parts if (found := _undecided_part(part)) is not None), None)


def _as_json(datum: Datum) -> Any:
    content = datum.content
    if isinstance(content, tuple):
        return [_as_json(part) for part in content]
    if isinstance(content, Table):
        return {key: _as_json(part) for key, part in content.entries if part.content is not None}
    return content


def get_att(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::GetAtt`, in both forms."""
    if isinstance(argument, ListNode) and len(argument.items) == 2:
        parts = [stack.evaluate(item, scope) for item in argument.items]
        names = [part.content if isinstance(part, Datum) and isinstance(part.content, str) else "" for part in parts]
        return attribute(stack, names[0], names[1], node, scope)
    if text_of(argument) is None:
        return stack.reject(node, "Fn::GetAtt takes a resource and an attribute")

    def named(datum: Datum) -> Choice[Datum]:
        if not isinstance(datum.content, str):  # a loop variable that is not known
            return Datum(Unknown("the name of a resource is not known"), datum.trace)
        resource, dot, name = datum.content.partition(".")
        if not dot:
            return stack.reject(node, "Fn::GetAtt takes a resource and an attribute")
        return attribute(stack, resource, name, node, scope)

    return lift(named, stack.evaluate(argument, scope))


def attribute(stack: Stack, resource: str, name: str, node: Node, scope: Scope) -> Choice[Datum]:
    """An attribute of a resource; an output of a nested stack whose template is at hand is followed."""
    child = stack.children.get(resource)
    if child is not None and name.startswith("Outputs."):
        return child.output(name.removeprefix("Outputs."), node, scope)
    reason = f"the attribute {name} of {resource or 'a resource'} is known only after deployment"
    return unknown(reason, node, stack.address + resource if name in _IDS else None)
