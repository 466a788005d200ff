"""A decoded template as JSON text again, one key or item to a line, so that a line leads back to its path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"

MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """The path of what begins on each line, the first line first."""

    paths: tuple[Path, ...]

    def path_at(self, line: int) -> list[str | int]:
        """The path of what begins on a line (1-based); empty where there is no such line."""
        return list(self.paths[line - 1]) if 0 < line <= len(self.paths) else []


def lay_out(template: object) -> tuple[str, Layout]:
    """JSON text of a template that a host has decoded, and where each line of it leads.

    Raises ValueError past MAX_DEPTH.
    """
    lines: list[str] = []
    paths: list[Path] = []
    for path, line in _lines(template, (), "", ""):
        lines.append(line)
        paths.append(path)
    return "\n".join(lines) + "\n", Layout(tuple(paths))


def _lines(node: object, path: Path, before: str, after: str) -> Iterator[tuple[Path, str]]:
    if len(path) > MAX_DEPTH:
        raise ValueError(f"the template is nested deeper than the bound of {MAX_DEPTH}")
    if isinstance(node, Mapping) and node:
        yield path, before + "{"
        members = [(str(key), f"{json.dumps(str(key))}: ", value) for key, value in node.items()]
        yield from _members(members, path)
        yield path, "}" + after
    elif isinstance(node, Sequence) and not isinstance(node, str) and node:
        yield path, before + "["
        yield from _members([(index, "", value) for index, value in enumerate(node)], path)
        yield path, "]" + after
    else:
        yield path, before + _scalar(node) + after


def _members(members: Sequence[tuple[str | int, str, object]], path: Path) -> Iterator[tuple[Path, str]]:
    for index, (key, before, value) in enumerate(members):
        yield from _lines(value, (*path, key), before, "," if index + 1 < len(members) else "")


def _scalar(node: object) -> str:
    if node is None or isinstance(node, (bool, int, float)):
        return json.dumps(node)
    if isinstance(node, Mapping):
        return "{}"
    if isinstance(node, Sequence) and not isinstance(node, str):
        return "[]"
    return json.dumps(str(node))
