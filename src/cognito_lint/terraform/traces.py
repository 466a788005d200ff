"""The ways of values: each station that a result passes is one more step of its trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from cognito_lint.model import Span, Step, Trace
from cognito_lint.terraform.values import Known, Plain, Result, UnknownValue, children, map_leaves, rebuilt
from cognito_lint.worlds import Split


def with_step(result: Result, step: Step) -> Result:
    """The result with one more station on its way."""
    return with_trace(result, lambda trace: (*trace, step))


def passed(trace: Trace, step: Step) -> Trace:
    """The way with one more station, which stands for having been decided or read at that very place."""
    if trace and trace[-1].span == step.span:
        return trace if trace[-1].text == "decided here" else (*trace[:-1], step)
    return (*trace, step)


def beyond(trace: Trace, known: Trace) -> Trace:
    """The stations that tell more than those that are known: not that the whole was written around a part of it."""
    return tuple(step for step in trace if step not in known and not _is_around(step, known))


def _is_around(step: Step, known: Trace) -> bool:
    return _is_decision(step) and any(_is_decision(inner) and step.span.holds(inner.span) for inner in known)


def chosen(result: Result, condition: Result, span: Span) -> Result:
    """What a condition at `span` chose, and where the values stand that decide it."""
    steps = (*_deciding([condition], span, "decides the condition"), Step(span, "chosen by this condition"))
    return with_trace(result, lambda trace: (*trace, *steps))


def read(result: Result, keys: Iterable[Result], span: Span) -> Result:
    """What the reference at `span` reads, and where the values stand that decide by which keys."""
    steps = (*_deciding(keys, span, "decides the key"), Step(span, "read here"))
    if isinstance(result, Known):  # as most are
        return _with_trace(result, result.trace + steps)
    return with_trace(result, lambda trace: trace + steps)


def _deciding(values: Iterable[Result], span: Span, text: str) -> Iterable[Step]:
    """Where the values that are known were decided, if not at `span` itself."""
    decided = (step.span for value in values if isinstance(value, Known) for step in value.trace if _is_decision(step))
    return dict.fromkeys(Step(place, text) for place in decided if not span.holds(place))


def _is_decision(step: Step) -> bool:
    return step.text == "decided here"


def with_trace(result: Result, change: Callable[[Trace], Trace]) -> Result:
    """The result with its trace changed, in every world."""
    if not isinstance(result, Split):
        return _with_trace(result, change(result.trace))
    memo: dict[int, Result] = {}

    def walk(node: Result) -> Result:
        if id(node) not in memo:
            if isinstance(node, Split):
                memo[id(node)] = Split(node.atom, walk(node.yes), walk(node.no), node.depth)
            else:
                memo[id(node)] = _with_trace(node, change(node.trace))
        return memo[id(node)]

    return walk(result)


def _with_trace(value: Plain, trace: Trace) -> Plain:
    """A copy with another trace. Written out: what is inside was counted before, and most values pass here."""
    if isinstance(value, UnknownValue):
        return replace(value, trace=trace)
    copy = object.__new__(Known)
    fill = object.__setattr__
    fill(copy, "type", value.type)
    fill(copy, "data", value.data)
    fill(copy, "weight", value.weight)
    fill(copy, "trace", trace)
    return copy


def without_trace(result: Result) -> Result:
    """The result without its way, and without those of all that is inside."""
    bare = with_trace(result, lambda _: ())
    return map_leaves(
        lambda leaf: (
            rebuilt(leaf, map(without_trace, children(leaf))) if isinstance(leaf, Known) and children(leaf) else leaf
        ),
        bare,
    )
