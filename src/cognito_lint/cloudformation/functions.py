"""CloudFormation's intrinsic functions on values; those on conditions stand in `conditions`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from cognito_lint.cloudformation import lookups, texts
from cognito_lint.cloudformation.data import (
    NOTHING,
    Datum,
    unknown,
)
from cognito_lint.cloudformation.nodes import ListNode, Node, no_name, text_of
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.model import Unknown
from cognito_lint.worlds import Choice, lift

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack

Evaluate: TypeAlias = "Callable[[Node, Scope], Choice[Datum]]"
_AT_DEPLOYMENT = {
    "Fn::GetAZs": "the availability zones are known only at deployment",
    "Fn::Cidr": "the address ranges of Fn::Cidr are not followed",
    "Fn::ImportValue": "Fn::ImportValue reads what another stack exports",
    "Fn::GetStackOutput": "Fn::GetStackOutput reads what another stack puts out",
    "Fn::Transform": "a macro (Fn::Transform) writes this part of the template",
}


_OF_THE_LANGUAGE_EXTENSIONS = ("Fn::Length", "Fn::ToJsonString")


def call(stack: Stack, name: str, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    """Every value of a function call. Raises TooManyWorldsError."""
    function = _FUNCTIONS.get(name)
    if name in _OF_THE_LANGUAGE_EXTENSIONS and not stack.template.extended:
        return stack.reject(node, f"{name} needs Transform: AWS::LanguageExtensions")
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
    name = stack.name(named, scope)
    if name is None or not stack.conditions.exists(name):
        if name is not None and stack.template.includes:
            return unknown(f"the condition {name} may come from the text that AWS::Include puts in", node)
        message = f"the template defines no condition {name}"
        if name is None:
            message = no_name(named, "Fn::If names its condition with a plain text")
        return stack.reject(named, message)
    meaning = stack.conditions.meaning(name)
    inside, outside = scope.where(meaning), scope.where(meaning, holds=False)
    can_hold, can_fail = inside.path is not False, outside.path is not False
    yes = evaluate(then, inside) if can_hold or not can_fail else NOTHING
    no = evaluate(other, outside) if can_fail else NOTHING
    span = named.span

    def pick(truth: bool, yes: Datum, no: Datum) -> Datum:
        return (yes if truth else no).passed(span, f"chosen here by {name}")

    condition = stack.conditions.named(name, scope) if can_hold and can_fail else can_hold or not can_fail
    return lift(pick, condition, yes, no)


def _if(stack: Stack, argument: Node, node: Node, scope: Scope) -> Choice[Datum]:
    return chosen(stack, argument, node, scope, stack.evaluate)


_FUNCTIONS: dict[str, Callable[[Stack, Node, Node, Scope], Choice[Datum]]] = {
    "Ref": _ref,
    "Fn::If": _if,
    "Fn::FindInMap": lookups.find_in_map,
    "Fn::Select": lookups.select,
    "Fn::Sub": texts.sub,
    "Fn::Join": texts.join,
    "Fn::Split": texts.split_text,
    "Fn::Base64": texts.to_base64,
    "Fn::Length": texts.length,
    "Fn::ToJsonString": texts.to_json,
    "Fn::GetAtt": texts.get_att,
}
