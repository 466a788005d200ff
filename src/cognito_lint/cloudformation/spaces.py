"""The space of a pool's worlds: which subjects it rests on, and what must hold of them. Part of the stage "resolve"."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_lint.worlds import Choice, Split, Subject, both, lift, split


def subjects(choice: Choice[object]) -> set[Subject]:
    """Every subject that a choice asks about."""
    found: set[Subject] = set()
    seen: set[int] = set()
    waiting = [choice]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Split) and id(node) not in seen:
            seen.add(id(node))
            found.add(node.atom.subject)
            waiting += (node.yes, node.no)
    return found


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


def relevant(requirements: list[Choice[bool]], used: set[Subject]) -> Choice[bool]:
    """What of the requirements speaks, however indirectly, of the subjects in use."""
    rule: Choice[bool] = True
    reached = set(used)
    waiting = list(requirements)
    moved = True
    while moved:
        moved = False
        for requirement in list(waiting):
            asked = subjects(requirement)
            if not asked or asked & reached:
                waiting.remove(requirement)
                reached |= asked
                rule = both(rule, requirement)
                moved = True
    return rule
