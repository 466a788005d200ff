"""The comments of a YAML text: what stands between its tokens. Asked for only where somebody speaks to us."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from cognito_lint.source import Comment

_COMMENT = re.compile("#[^\0\r\n\x85\u2028\u2029]*")
_HEADER = re.compile(r"[|>][0-9+-]*[ \t]+(?=#)")  # of a block scalar: a comment may follow it on its line


def comments(text: str) -> tuple[Comment, ...]:
    """The comments of a text in their order; none in JSON, and none in what is no YAML."""
    if text.lstrip()[:1] in ("{", "[") and _is_json(text):
        return ()
    try:
        return tuple(_comments(text))
    except yaml.YAMLError:
        return ()


def _comments(text: str) -> Iterator[Comment]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    position = 0
    for token in yaml.scan(text, Loader=loader):
        start, end = token.start_mark.index, token.end_mark.index
        yield from _between(text, position, start)
        if getattr(token, "style", None) in ("|", ">") and (header := _HEADER.match(text, start)):
            yield from _between(text, header.end(), text.find("\n", start) + 1 or len(text))
        position = max(position, end)
    yield from _between(text, position, len(text))


def _between(text: str, start: int, end: int) -> Iterator[Comment]:
    for found in _COMMENT.finditer(text, start, end):
        yield Comment(found.start(), found.end(), found.start() + 1, found.end())


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
