"""Regular expressions: RE2, Terraform's own engine, whose time is linear in the text. Imported by what needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from cognito_lint.terraform.functions.base import MAX_TEXT, Context, Function, parameters, text_of
from cognito_lint.terraform.types import STRING
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    list_of,
    null,
    object_of,
    string,
    tuple_of,
    type_of,
)

MAX_PATTERN = 10_000
MAX_MEMORY = 8 * 1024 * 1024
MAX_MATCHES = 65_536


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    try:
        import re2
    except ModuleNotFoundError as error:  # inside a host that brings its own packages
        raise BoundError("regular expressions need the package google-re2, which is not installed") from error
    if len(pattern) > MAX_PATTERN:
        raise BoundError(f"a regular expression is longer than the bound of {MAX_PATTERN:,} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        message = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        if "too large" in message or "out of memory" in message:
            raise BoundError(f"a regular expression takes more than the bound of {MAX_MEMORY:,} bytes") from error
        raise EvaluationError(f"invalid regexp pattern: {message}") from error


def _matches(compiled: Any, text: str) -> Iterator[Any]:
    """Every match as Go finds them: an empty one right behind another does not count. Raises BoundError."""
    end = -1
    for count, match in enumerate(compiled.finditer(text)):
        if count >= MAX_MATCHES:
            raise BoundError(f"a regular expression matches more often than the bound of {MAX_MATCHES:,}")
        if match.end() > match.start() or match.start() != end:
            yield match
        end = match.end()


def _captured(pattern: Any, found: Any) -> Known:
    """The match: its text, a tuple of its groups, or an object of its named groups."""

    def text(group: str | None) -> Known:
        return null(STRING) if group is None else string(group)

    if pattern.groups == 0:
        return text(found.group(0))
    names = pattern.groupindex
    if not names:
        return tuple_of(text(group) for group in found.groups())
    if len(names) != pattern.groups:
        raise EvaluationError("invalid regexp pattern: cannot mix both named and unnamed capture groups")
    return object_of({name: text(found.group(place)) for name, place in names.items()})


def regex(_: Context, pattern: Plain, value: Plain) -> Result:
    """`regex(pattern, string)`: the first match, or an error."""
    compiled = _compiled(text_of(pattern))
    found = compiled.search(text_of(value))
    if found is None:
        raise EvaluationError("pattern did not match any part of the given string")
    return _captured(compiled, found)


def regexall(_: Context, pattern: Plain, value: Plain) -> Result:
    """`regexall(pattern, string)`: every match."""
    compiled = _compiled(text_of(pattern))
    found = [_captured(compiled, match) for match in _matches(compiled, text_of(value))]
    if not found:
        return list_of((), type_of(_empty(compiled)))
    return list_of(found, found[0].type)


def _empty(compiled: Any) -> Known:
    if compiled.groups == 0:
        return string("")
    if compiled.groupindex:
        return object_of(dict.fromkeys(compiled.groupindex, string("")))
    return tuple_of(string("") for _ in range(compiled.groups))


def substitute(pattern: str, replacement: str, text: str) -> str:
    """`replace` with a regular expression: `$1`, `${name}` and `$$` in the replacement."""
    compiled = _compiled(pattern)
    parts: list[str] = []
    size, position = 0, 0
    for match in _matches(compiled, text):
        parts += (text[position : match.start()], _expanded(replacement, compiled, match))
        position = match.end()
        size += len(parts[-1])
        if size > MAX_TEXT:
            raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
    return "".join((*parts, text[position:]))


def _expanded(template: str, compiled: Any, match: Any) -> str:
    result: list[str] = []
    position = 0
    while True:
        dollar = template.find("$", position)
        if dollar < 0:
            return "".join((*result, template[position:]))
        result.append(template[position:dollar])
        if template.startswith("$$", dollar):
            result.append("$")
            position = dollar + 2
            continue
        name, position = _reference(template, dollar + 1)
        if name is None:
            result.append("$")
            position = dollar + 1
            continue
        place = int(name) if name.isdigit() else compiled.groupindex.get(name, -1)
        if 0 <= place <= compiled.groups:
            result.append(match.group(place) or "")


def _reference(template: str, start: int) -> tuple[str | None, int]:
    """The name after a dollar sign and where it ends; None if there is none."""
    braced = template.startswith("{", start)
    end = begin = start + braced
    while end < len(template) and (template[end].isalnum() or template[end] == "_"):
        end += 1
    if end == begin or (braced and not template.startswith("}", end)):
        return None, start
    return template[begin:end], end + braced


FUNCTIONS: Mapping[str, Function] = {
    "regex": Function(regex, parameters("pattern", "string", of=STRING)),
    "regexall": Function(regexall, parameters("pattern", "string", of=STRING)),
}
