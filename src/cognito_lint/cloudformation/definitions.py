"""What named subjects, a template's conditions, mean in terms of others. Part of the stage "resolve"."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_lint.worlds import Choice, Split, Subject, lift, split


def expanded(choice: Choice[bool], definitions: Mapping[Subject, Choice[bool]]) -> Choice[bool]:
    """A choice in terms of undefined subjects alone."""
    return _expanded(choice, definitions, {})


def _expanded(
    node: Choice[bool], definitions: Mapping[Subject, Choice[bool]], memo: dict[int, Choice[bool]]
) -> Choice[bool]:
    if not isinstance(node, Split):
        return node
    if id(node) not in memo:
        yes, no = _expanded(node.yes, definitions, memo), _expanded(node.no, definitions, memo)
        meaning = definitions.get(node.atom.subject)
        if meaning is None:
            memo[id(node)] = split(node.atom, yes, no)
        else:
            holds = meaning if node.atom.outcome == "true" else lift(lambda truth: not truth, meaning)
            memo[id(node)] = lift(lambda truth, a, b: a if truth else b, holds, yes, no)
    return memo[id(node)]
