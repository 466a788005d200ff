"""The `Rules` of a template: which parameter values its author allows together.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_lint.cloudformation.data import Datum, OpenText, Question, equal
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, mapping
from cognito_lint.cloudformation.scope import Scope
from cognito_lint.model import Unknown
from cognito_lint.worlds import Choice, TooManyWorldsError, both, either, lift, negate

if TYPE_CHECKING:
    from cognito_lint.cloudformation.stack import Stack


def requirements(stack: Stack) -> list[Choice[bool]]:
    """What must hold of every deployment, rule by rule. A rule that cannot be followed is left out."""
    section = stack.template.section("Rules")
    found: list[Choice[bool]] = []
    for _, rule in section or ():
        if isinstance(rule, MapNode):
            try:
                found += _rule(stack, rule)
            except TooManyWorldsError:
                continue  # fewer worlds are excluded than could be: never a wrong pass
    return found


def _rule(stack: Stack, rule: MapNode) -> list[Choice[bool]]:
    scope = Scope(symbolic=True)
    condition = rule.get("RuleCondition")
    applies: Choice[bool] = True if condition is None else stack.conditions.expression(condition, scope)
    assertions = rule.get("Assertions")
    found: list[Choice[bool]] = []
    for item in assertions.items if isinstance(assertions, ListNode) else ():
        entry = mapping(item)
        asserted = entry.get("Assert") if entry else None
        if asserted is not None:
            found.append(either(negate(applies), stack.conditions.expression(asserted, scope)))
    return found


def function(stack: Stack, name: str, argument: Node, node: Node, scope: Scope) -> Choice[bool] | None:
    """A function that only rules know, or None if `name` is none of them."""
    if name not in ("Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals"):
        return None
    asked = stack.conditions.question(node, scope)
    items = argument.items if isinstance(argument, ListNode) else ()
    if len(items) != 2:
        return stack.conditions.undecided(node, f"{name} takes a list of two")
    if any(_asks_aws(item) for item in items):
        return asked.answer()  # Fn::RefAll, Fn::ValueOf, Fn::ValueOfAll speak of what stands in the account
    one, other = (stack.evaluate(item, scope) for item in items)
    if name == "Fn::Contains":
        return lift(lambda listed, value: _contains(listed, value, asked), one, other)
    if name == "Fn::EachMemberIn":
        return lift(lambda some, listed: _each(some, listed, asked), one, other)
    return lift(lambda some, value: _each(some, Datum((value,)), asked), one, other)


def _asks_aws(node: Node) -> bool:
    found = mapping(node)
    if found is None:
        return False
    return any(found.get(name) is not None for name in ("Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"))


def _contains(listed: Datum, value: Datum, asked: Question) -> Choice[bool]:
    if not isinstance(listed.content, tuple) or isinstance(value.content, tuple):
        return asked.answer()
    answer: Choice[bool] = False
    for item in listed.content:
        answer = either(answer, equal(item, value, asked))
    return answer


def _each(some: Datum, listed: Datum, asked: Question) -> Choice[bool]:
    members = some.content if isinstance(some.content, tuple) else (some,)
    if isinstance(some.content, Unknown | OpenText) and not isinstance(some.content, OpenText):
        return asked.answer()
    answer: Choice[bool] = True
    for member in members:
        answer = both(answer, _contains(listed, member, asked))
    return answer
