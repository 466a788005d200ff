"""`Fn::FindInMap` and `Fn::Select`: values out of mappings and lists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cognito_lint.cloudformation.data import NOTHING, Datum, Failure, OpenText, Table, scalar, text, unknown
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, ScalarNode, mapping
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.model import Unknown
from cognito_lint.worlds import Choice, holds, leaves, lift

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack


def find_in_map(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::FindInMap`. An open key means each entry; a world without one is none."""
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) not in (3, 4):
        return stack.reject(node, "Fn::FindInMap takes a mapping's name and two keys")
    fallback: Callable[[], Choice[Datum]] | None = None
    if len(items) == 4:
        options = mapping(items[3])
        default = options.get("DefaultValue") if options else None
        if default is None:
            return stack.reject(items[3], "the fourth argument of Fn::FindInMap is DefaultValue")
        if not stack.template.extended:
            return stack.reject(items[3], "DefaultValue needs Transform: AWS::LanguageExtensions")
        fallback = lambda: stack.evaluate(default, scope)  # noqa: E731
    sections = stack.template.section("Mappings")
    keys = [stack.evaluate(item, scope) for item in items[:3]]

    def find(name: Datum, first: Datum, second: Datum) -> Choice[Datum]:
        table = _entry(sections, name) if sections is not None else None
        if table is None and isinstance(name.content, str) and stack.template.includes:
            return unknown(f"the mapping {name.content} may come from the text that AWS::Include puts in", node)
        if table is None and isinstance(name.content, str):
            return Datum(Failure(f"the template has no mapping {name.content}", node.span))
        return _look_up(stack, table, (first, second), node, fallback, scope)

    return lift(find, *keys)


def _entry(table: Node | None, key: Datum) -> Node | None:
    found = mapping(table)
    return found.get(text(key.content)) if found and isinstance(key.content, str | bool | int | float) else None


def _look_up(
    stack: Stack,
    table: Node | None,
    keys: tuple[Datum, ...],
    node: Node,
    fallback: Callable[[], Choice[Datum]] | None,
    scope: Scope,
) -> Choice[Datum]:
    """The entry at the keys; an open key means each entry, and its worlds without one are none."""
    if not keys:
        return _mapped(stack, table, node, scope)
    key, rest = keys[0], keys[1:]
    content = key.content
    found = mapping(table)
    if isinstance(content, Failure):
        return key
    if found is None or isinstance(content, tuple | Table) or content is None:
        reason = content.reason if isinstance(content, Unknown) else "a key of the mapping is not a text"
        return Datum(Unknown(reason), key.trace)
    if found.get("Fn::Transform") is not None:
        return unknown("a macro (Fn::Transform) writes this part of the template", node)
    if isinstance(content, Unknown):
        answers = [_look_up(stack, entry, rest, node, fallback, scope) for _, entry in found]
        return _agreed([*answers, fallback()] if fallback else answers) or Datum(Unknown(content.reason), key.trace)
    if isinstance(content, OpenText):
        return _each_entry(stack, found, content, rest, node, fallback, scope)
    entry = found.get(text(content))
    if entry is None:
        return fallback() if fallback else Datum(_miss(node, text(content)))
    return _look_up(stack, entry, rest, node, fallback, scope)


def _each_entry(
    stack: Stack,
    table: MapNode,
    key: OpenText,
    rest: tuple[Datum, ...],
    node: Node,
    fallback: Callable[[], Choice[Datum]] | None,
    scope: Scope,
) -> Choice[Datum]:
    answer: Choice[Datum] = fallback() if fallback else Datum(_miss(node, f"${{{key.subject.text}}}"))
    for name, entry in reversed(list(table)):
        inner = key.inner(name)
        if inner is not None:
            value = _look_up(stack, entry, rest, node, fallback, scope)
            answer = lift(lambda yes, a, b: a if yes else b, holds(key.subject, inner), value, answer)
    return answer


def _agreed(answers: list[Choice[Datum]]) -> Datum | None:
    """What an entry is whichever it is; where CloudFormation would stop is no answer."""
    contents = [datum for answer in answers for datum in leaves(answer) if not isinstance(datum.content, Failure)]
    same = all(datum.content == contents[0].content for datum in contents)
    return contents[0] if contents and same and isinstance(contents[0].content, str) else None


def _miss(node: Node, key: str) -> Failure:
    return Failure(f"the mapping has no entry for {key}", node.span)


def _mapped(stack: Stack, entry: Node | None, node: Node, scope: Scope) -> Choice[Datum]:
    if entry is None:
        return NOTHING
    value = stack.evaluate(entry, scope) if not isinstance(entry, ScalarNode) else scalar(entry)
    return lift(lambda datum: datum.passed(node.span, "looked up here"), value)


def select(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """`Fn::Select`. An open index means each element."""
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) != 2:
        return stack.reject(node, "Fn::Select takes an index and a list")

    def selected(index: Datum, listed: Datum) -> Choice[Datum]:
        if isinstance(listed.content, Failure):
            return listed
        if isinstance(listed.content, OpenText | Unknown):
            return replace(listed, content=Unknown(listed.content.reason))
        if not isinstance(listed.content, tuple):
            return stack.reject(node, "Fn::Select takes an index and a list")
        if isinstance(index.content, OpenText):
            return _each_element(index.content, listed.content, node)
        if isinstance(index.content, Unknown | Failure):
            return index
        return _element(stack, index, listed.content, node)

    return lift(selected, stack.evaluate(items[0], scope), stack.evaluate(items[1], scope))


def _each_element(index: OpenText, listed: tuple[Datum, ...], node: Node) -> Choice[Datum]:
    answer: Choice[Datum] = Datum(Failure("the index leads past the end of the list", node.span))
    for number, item in reversed(list(enumerate(listed))):
        inner = index.inner(str(number))
        if inner is not None:
            answer = lift(lambda yes, a, b: a if yes else b, holds(index.subject, inner), item, answer)
    return answer


def _element(stack: Stack, index: Datum, listed: tuple[Datum, ...], node: Node) -> Datum:
    written = text(index.content).strip() if isinstance(index.content, str | int | float) else ""
    if not written.isdecimal():
        return stack.reject(node, "the index of Fn::Select is a number from 0 on")
    number = int(written) if len(written) < 10 else len(listed)
    if number >= len(listed):
        return Datum(Failure(f"the index {number} leads past the end of a list of {len(listed)}", node.span))
    return listed[number].passed(node.span, "selected here")
