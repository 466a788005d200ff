"""`${Name}` and `&{Name}` inside texts and keys: the loop variables of `Fn::ForEach`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cognito_lint.cloudformation.data import Datum, as_written, concatenated
from cognito_lint.cloudformation.nodes import Node
from cognito_lint.model import Step
from cognito_lint.worlds import Choice, lift

_LOOP_VARIABLE = re.compile(r"([$&])\{([A-Za-z0-9]+)\}")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def substitute(text: str, node: Node, bindings: Mapping[str, Choice[Datum]]) -> Choice[Datum]:
    """A text with the loop variables put in: `${X}` as it is, `&{X}` with its letters and digits alone."""
    trace = (Step(node.span, "decided here"),)
    parts: list[Choice[Datum]] = []
    position = 0
    for match in _LOOP_VARIABLE.finditer(text):
        if match[2] not in bindings:
            continue
        parts.append(Datum(text[position : match.start()], trace))
        value = bindings[match[2]]
        parts.append(lift(_bare, value) if match[1] == "&" else value)
        position = match.end()
    if not parts:
        return as_written(Datum(text, trace))
    parts.append(Datum(text[position:], trace))
    kept = [part for part in parts if not (isinstance(part, Datum) and part.content == "")]
    return lift(lambda *data: concatenated(data, node), *kept)


def _bare(datum: Datum) -> Datum:
    if isinstance(datum.content, str):
        return Datum(_NOT_ALPHANUMERIC.sub("", datum.content), datum.trace)
    return datum
