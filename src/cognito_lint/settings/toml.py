"""TOML with the place of each key: tomllib tells values alone, and a person wants to know the line."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any, TypeAlias

from cognito_lint.model import Span
from cognito_lint.source import InputError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KeyPath: TypeAlias = tuple["str | int", ...]
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]*)\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""[^"]*"|'[^']*'|[\w-]+""")
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class TomlError(InputError):
    """A text is no TOML."""


def parse(text: str, path: str) -> Mapping[str, Any]:
    """The document of a text. Raises TomlError."""
    try:
        document: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        place = _AT.search(said)
        end = (text.count("\n") + 1, len(text.rpartition("\n")[2]) + 1)
        line, column = (int(place[1]), int(place[2])) if place and place[1] else end
        reason = _AT.sub("", said)
        message = f"this is no TOML: {reason[:1].lower()}{reason[1:]}"
        raise TomlError(Span(path, line, column, line, column + 1), message) from error
    except RecursionError as error:
        raise TomlError(Span(path), "the values are nested too deep to be settings") from error
    return document


class Places:
    """Where the keys of a document are written, as far as a look at its lines tells."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._spans: dict[KeyPath, Span] = {}
        counts: dict[KeyPath, int] = {}
        table: KeyPath = ()
        for number, line in enumerate(text.split("\n"), 1):
            header = _HEADER.match(line)
            if header:
                name = _parts(header[2])
                if header[1] == "[[":
                    counts[name] = counts.get(name, -1) + 1
                table = _indexed(name, counts)
                start = header.end(2) - len(header[2].lstrip())
                self._note(table, number, start, start + len(header[2].strip()))
                continue
            entry = _ENTRY.match(line)
            if entry:
                parts = _parts(entry[1])
                for length in range(1, len(parts) + 1):
                    self._note((*table, *parts[:length]), number, entry.start(1), entry.end(1))

    def _note(self, key: KeyPath, line: int, start: int, end: int) -> None:
        self._spans.setdefault(key, Span(self._path, line, start + 1, line, end + 1))

    def of(self, key: KeyPath) -> Span:
        """Where the key is written, or else the nearest table or key around it."""
        while key and key not in self._spans:
            key = key[:-1]
        return self._spans.get(key, Span(self._path))


def _parts(written: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(written))


def _indexed(name: KeyPath, counts: Mapping[KeyPath, int]) -> KeyPath:
    """The table's key with the number of each array's last element."""
    indexed: KeyPath = ()
    for length in range(1, len(name) + 1):
        indexed = (*indexed, name[length - 1])
        if name[:length] in counts:
            indexed = (*indexed, counts[name[:length]])
    return indexed
