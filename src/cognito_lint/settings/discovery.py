"""Which settings file holds: the nearest, from the working directory up to the repository's top."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cognito_lint.files import Repository, UnreadableError
from cognito_lint.model import Span
from cognito_lint.source import InputError

if TYPE_CHECKING:
    from cognito_lint.settings.settings import Settings
    from cognito_lint.settings.toml import Places

OWN, SHARED = ".cognito-lint.toml", "pyproject.toml"
_TABLE = ("tool", "cognito-lint")
_OURS = re.compile("cognito[-_.]?lint", re.IGNORECASE)


class SettingsError(InputError):
    """Settings that mean nothing; the message says what to write."""


def discover(repository: Repository) -> Settings | None:
    """The settings of the nearest file that has any, None if there is none. Raises SettingsError.

    In one directory `.cognito-lint.toml` wins over a pyproject.toml; one without our table is passed over.
    """
    top = repository.canonical(repository.boundary_of("."))
    directory = "."
    while True:
        for name in (OWN, SHARED):
            path = repository.join(directory, name)
            found = read(path, repository) if repository.present(path) else None
            if found is not None:
                return found
        if repository.canonical(directory) == top:
            return None
        directory = posixpath.join(directory, "..")


def read(path: str, repository: Repository, *, explicit: bool = False) -> Settings | None:
    """The settings of one file; None for a pyproject.toml without our table, unless it is `explicit`: then that is an
    error. Raises SettingsError."""
    shared = posixpath.basename(path) == SHARED
    try:
        text = repository.text(path)
    except UnreadableError as error:
        raise SettingsError(error.span, error.message) from error
    if shared and not explicit and _OURS.search(text) is None:
        return None
    # most repositories have a pyproject.toml that is none of our business, or none at all
    from cognito_lint.settings.settings import settings_of
    from cognito_lint.settings.toml import Places, TomlError, parse

    try:
        document = parse(text, path)
    except TomlError as error:
        raise SettingsError(error.span, error.message) from error
    places = Places(text, path)
    if shared:
        _refuse_misnamed(document, places)
    table: object = document
    for part in _TABLE if shared else ():
        table = table.get(part) if isinstance(table, dict) else None
    if table is None:
        if not explicit:
            return None
        raise SettingsError(Span(path), "there is no table [tool.cognito-lint] in this file")
    if not isinstance(table, dict):
        raise SettingsError(places.of(_TABLE), "write [tool.cognito-lint] as a table, and its keys below")
    if not shared and "tool" in table:
        message = f"the keys stand at the top of {posixpath.basename(path)}, without [tool.cognito-lint]"
        raise SettingsError(places.of(("tool",)), message)
    return settings_of(table, _TABLE if shared else (), places, path)


def _refuse_misnamed(document: Mapping[str, Any], places: Places) -> None:
    """A table that can be meant for nobody else, `[tool.cognito_lint]`, would be ignored without a word."""
    tools = document.get("tool")
    under_tool = [("tool", name) for name in tools] if isinstance(tools, dict) else []
    for key in [*under_tool, *((name,) for name in document)]:
        if key != _TABLE and _OURS.fullmatch(key[-1]):
            message = f"[{'.'.join(key)}] is no table of ours; write [{'.'.join(_TABLE)}]"
            raise SettingsError(places.of(key), message)
