"""CloudFormation's intrinsic functions on values; those on conditions stand in `conditions`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from cognito_lint.cloudformation.data import (
    NOTHING,
    Datum,
    Failure,
    OpenText,
    Table,
    is_scalar,
    scalar,
    text,
    unknown,
)
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, ScalarNode, mapping, text_of
from cognito_lint.cloudformation.placeholders import substitute
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.model import Step, Unknown
from cognito_lint.worlds import Choice, both, holds, lift, negate

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack

Evaluate: TypeAlias = "Callable[[Node, Scope], Choice[Datum]]"
MAX_TEXT = 1_000_000
_PLACEHOLDER = re.compile(r"\$\{(!?)([^{}]*)\}")
_AT_DEPLOYMENT = {
    "Fn::GetAZs": "the availability zones are known only at deployment",
    "Fn::Cidr": "the address ranges of Fn::Cidr are not followed",
    "Fn::ImportValue": "Fn::ImportValue reads what another stack exports",
    "Fn::GetStackOutput": "Fn::GetStackOutput reads what another stack puts out",
    "Fn::Transform": "a macro (Fn::Transform) writes this part of the template",
}


def call(stack: Stack, name: str, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """Every value of a function call. Raises TooManyWorldsError."""
    function = _FUNCTIONS.get(name)
    if function is not None:
        return function(stack, argument, node, scope)
    if name in _AT_DEPLOYMENT:
        return unknown(_AT_DEPLOYMENT[name], node)
    if name in ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"):
        # a condition function in a property is refused by CloudFormation
        return stack.reject(node, f"{name} stands where a value is needed: it belongs into Conditions")
    return stack.reject(node, f"{name} is none of CloudFormation's functions")


def _ref(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    name = text_of(argument)
    if name is None:
        return stack.reject(node, "Ref takes a name")
    if scope.bindings and "{" in name:
        return _with_name(stack, argument, scope, lambda found: stack.reference(found, node, scope))
    return stack.reference(name, node, scope)


def _with_name(stack: Stack, argument: Node, scope: Scope, use: Callable[[str], Choice[Datum]]) -> Choice[Datum]:
    def found(datum: Datum) -> Choice[Datum]:
        return use(datum.content) if isinstance(datum.content, str) else Datum(Unknown("a name is not known"))

    return lift(found, stack.evaluate(argument, scope))


def chosen(stack: Stack, argument: Node, node: Node, scope: Scope, evaluate: Evaluate) -> Choice[Datum]:
    """`Fn::If`, each branch by `evaluate` in its own worlds; a branch that no world takes is not evaluated."""
    if not isinstance(argument, ListNode) or len(argument.items) != 3:
        return stack.reject(node, "Fn::If takes a list of three: the condition's name, and a value for each case")
    named, then, other = argument.items
    name = text_of(named)
    if name is not None and scope.bindings:
        data = stack.evaluate(named, scope)
        name = data.content if isinstance(data, Datum) and isinstance(data.content, str) else name
    if name is None or not stack.conditions.exists(name):
        if name is not None and stack.template.includes:
            return unknown(f"the condition {name} may come from the text that AWS::Include puts in", node)
        message = (
            f"the template defines no condition {name}" if name else "Fn::If names its condition with a plain text"
        )
        return stack.reject(named, message)
    meaning = stack.conditions.meaning(name)
    can_hold = both(scope.path, meaning) is not False
    can_fail = both(scope.path, negate(meaning)) is not False
    yes = evaluate(then, scope.where(meaning)) if can_hold or not can_fail else NOTHING
    no = evaluate(other, scope.where(meaning, holds=False)) if can_fail else NOTHING
    span = named.span

    def pick(truth: bool, yes: Datum, no: Datum) -> Datum:  # noqa: FBT001
        return (yes if truth else no).passed(span, f"chosen here by {name}")

    condition = stack.conditions.named(name) if can_hold and can_fail else can_hold or not can_fail
    return lift(pick, condition, yes, no)


def _if(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    return chosen(stack, argument, node, scope, stack.evaluate)


# ---- mappings ------------------------------------------------------------------------------------------------------


def _find_in_map(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) not in (3, 4):
        return stack.reject(node, "Fn::FindInMap takes a mapping's name and two keys")
    fallback: Callable[[], Choice[Datum]] | None = None
    if len(items) == 4:
        options = mapping(items[3])
        default = options.get("DefaultValue") if options else None
        if default is None:
            return stack.reject(items[3], "the fourth argument of Fn::FindInMap is DefaultValue")
        fallback = lambda: stack.evaluate(default, scope)  # noqa: E731
    sections = stack.template.section("Mappings")
    keys = [stack.evaluate(item, scope) for item in items[:3]]

    def find(name: Datum, first: Datum, second: Datum) -> Choice[Datum]:
        table = _entry(stack, sections, name, node, "mapping") if sections is not None else None
        if table is None and isinstance(name.content, str) and stack.template.includes:
            return unknown(f"the mapping {name.content} may come from the text that AWS::Include puts in", node)
        if table is None and isinstance(name.content, str):
            return Datum(Failure(f"the template has no mapping {name.content}", node.span))
        return _look_up(stack, table, (first, second), node, fallback, scope)

    return lift(lambda *data: find(*data), *keys)


def _entry(stack: Stack, table: Node | None, key: Datum, node: Node, what: str) -> Node | None:
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
        assert table is not None
        return _mapped(stack, table, node, scope)
    key, rest = keys[0], keys[1:]
    content = key.content
    found = mapping(table)
    if isinstance(content, Failure):
        return key
    if found is None or isinstance(content, Unknown | tuple | Table) or content is None:
        reason = content.reason if isinstance(content, Unknown) else "a key of the mapping is not a text"
        return Datum(Unknown(reason), key.trace)
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


def _miss(node: Node, key: str) -> Failure:
    return Failure(f"the mapping has no entry for {key}", node.span)


def _mapped(stack: Stack, entry: Node, node: Node, scope: Scope) -> Choice[Datum]:
    value = stack.evaluate(entry, scope) if not isinstance(entry, ScalarNode) else scalar(entry)
    return lift(lambda datum: datum.passed(node.span, "looked up here"), value)


# ---- texts ---------------------------------------------------------------------------------------------------------


def _sub(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
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
            inner = table.get(name)
            assert inner is not None
            parts.append(lift(lambda datum: datum.passed(node.span, "put in here"), stack.evaluate(inner, scope)))
        elif "." in name and name not in scope.bindings:
            parts.append(_attribute(stack, *name.split(".", 1), node, scope))
        else:
            parts.append(stack.reference(name, node, scope))
    parts.append(_plain(template[position:], written, scope))
    kept = [part for part in parts if not (isinstance(part, Datum) and part.content == "")] or [Datum("", literal)]
    return stack.joined(kept, node)


def _plain(written: str, node: Node, scope: Scope) -> Choice[Datum]:
    if scope.bindings:
        return substitute(written, node, scope.bindings)
    return Datum(written, (Step(node.span, "decided here"),))


def _join(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
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


def _split(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) != 2:
        return stack.reject(node, "Fn::Split takes a delimiter and a text")

    def parted(delimiter: Datum, whole: Datum) -> Datum:
        content = whole.content
        if isinstance(content, OpenText):
            return replace(whole, content=Unknown(content.reason))
        if isinstance(content, Unknown | Failure):
            return whole
        if not isinstance(delimiter.content, str) or not delimiter.content or not is_scalar(content):
            return stack.reject(node, "Fn::Split takes a delimiter and a text")
        assert isinstance(content, str | bool | int | float)
        return Datum(tuple(Datum(part, whole.trace) for part in text(content).split(delimiter.content)), whole.trace)

    return lift(parted, stack.evaluate(items[0], scope), stack.evaluate(items[1], scope))


def _select(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) != 2:
        return stack.reject(node, "Fn::Select takes an index and a list")

    def selected(index: Datum, listed: Datum) -> Choice[Datum]:
        if isinstance(listed.content, Failure):
            return listed
        if isinstance(listed.content, OpenText):
            return replace(listed, content=Unknown(listed.content.reason))
        if isinstance(listed.content, Unknown):
            return replace(listed, content=Unknown(listed.content.reason))
        if not isinstance(listed.content, tuple):
            return stack.reject(node, "Fn::Select takes an index and a list")
        if isinstance(index.content, OpenText):
            answer: Choice[Datum] = Datum(Failure("the index leads past the end of the list", node.span))
            for number, item in reversed(list(enumerate(listed.content))):
                inner = index.content.inner(str(number))
                if inner is not None:
                    yes = holds(index.content.subject, inner)
                    answer = lift(lambda truth, a, b: a if truth else b, yes, item, answer)
            return answer
        if isinstance(index.content, Unknown | Failure):
            return index
        written = text(index.content) if isinstance(index.content, str | int | float) else ""
        if not written.strip().isdecimal():
            return stack.reject(node, "the index of Fn::Select is a number from 0 on")
        number = int(written) if len(written) < 10 else len(listed.content)
        if number >= len(listed.content):
            message = f"the index {number} leads past the end of a list of {len(listed.content)}"
            return Datum(Failure(message, node.span))
        return listed.content[number].passed(node.span, "selected here")

    return lift(selected, stack.evaluate(items[0], scope), stack.evaluate(items[1], scope))


def _base64(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    def encoded(datum: Datum) -> Datum:
        content = datum.content
        if isinstance(content, str | bool | int | float):
            return replace(datum, content=base64.b64encode(text(content).encode()).decode(), written=None)
        if isinstance(content, OpenText):
            return replace(datum, content=Unknown(content.reason))
        return datum if isinstance(content, Unknown | Failure) else stack.reject(node, "Fn::Base64 takes a text")

    return lift(encoded, stack.evaluate(argument, scope))


def _length(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    def counted(datum: Datum) -> Datum:
        if isinstance(datum.content, tuple):
            return Datum(len(datum.content), (Step(node.span, "counted here"),))
        if isinstance(datum.content, OpenText):
            return replace(datum, content=Unknown(datum.content.reason))
        return datum if isinstance(datum.content, Unknown | Failure) else stack.reject(node, "Fn::Length takes a list")

    return lift(counted, stack.evaluate(argument, scope))


def _to_json(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    def spelled(datum: Datum) -> Datum:
        failed = _undecided_part(datum)
        if failed is not None:
            return failed
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


# ---- attributes ----------------------------------------------------------------------------------------------------


def _get_att(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    if isinstance(argument, ListNode) and len(argument.items) == 2:
        parts = [stack.evaluate(item, scope) for item in argument.items]
        names = [part.content if isinstance(part, Datum) and isinstance(part.content, str) else "" for part in parts]
        return _attribute(stack, names[0], names[1], node, scope)
    name = text_of(argument)
    if name is None or "." not in name:
        return stack.reject(node, "Fn::GetAtt takes a resource and an attribute")
    return _attribute(stack, *name.split(".", 1), node, scope)


def _attribute(stack: Stack, resource: str, attribute: str, node: Node, scope: Scope) -> Choice[Datum]:
    child = stack.children.get(resource)
    if child is not None and attribute.startswith("Outputs."):
        return child.output(attribute.removeprefix("Outputs."), node, scope)
    return unknown(f"the attribute {attribute} of {resource or 'a resource'} is known only after deployment", node)


_FUNCTIONS: dict[str, Callable[[Stack, Node, Node, Scope], Choice[Datum]]] = {
    "Ref": _ref,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
    "Fn::GetAtt": _get_att,
}
