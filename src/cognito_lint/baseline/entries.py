"""The baseline file, version 1: one line for each known finding, sorted, without line numbers. Same entries, same
bytes.

An entry says which finding it knows in words, not as a hash, so that a review of the file says what is accepted.
"""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from cognito_lint.json_source import JsonError, JsonNode, scan
from cognito_lint.model import Finding, Level
from cognito_lint.report.report import LEVELS
from cognito_lint.rules import RULES
from cognito_lint.source import InputError

VERSION = 1
_RULES = {rule.id: rule for rule in RULES}
_KEYS = ("unit", "address", "file", "rule", "level", "count")


class BaselineError(InputError):
    """The file is no baseline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a baseline knows a finding by. `file` stands for the address where a finding has none.

    The level is the gravest that was accepted: a note that has become a warning is new.
    """

    unit: str
    address: str | None
    file: str | None
    rule: str
    level: Level

    @property
    def order(self) -> tuple[str, str, str, str, int]:
        """Where it stands in the file."""
        return (self.unit, self.address or "", self.file or "", self.rule, LEVELS.index(self.level))

    def __str__(self) -> str:
        return f"{self.rule} {self.address or self.file} (in {self.unit})"


Baseline: TypeAlias = Mapping[Entry, int]
"""How many findings of each identity are known."""


def entry_of(finding: Finding) -> Entry | None:
    """The entry that knows this finding; None for what no baseline may hold."""
    if not _RULES[finding.rule].suppressible:
        return None
    file = finding.span.file if finding.address is None else None
    return Entry(finding.unit, finding.address, file, finding.rule, finding.level)


def render(known: Baseline, relative: Callable[[str], str]) -> str:
    """The file's text. `relative` turns a path as shown into one from the file's directory."""
    lines = []
    placed = Counter({_placed(entry, relative): count for entry, count in known.items()})
    for entry in sorted(placed, key=lambda entry: entry.order):
        subject = {"address": entry.address} if entry.file is None else {"file": entry.file}
        document: dict[str, str | int | None] = {
            "unit": entry.unit,
            **subject,
            "rule": entry.rule,
            "level": entry.level,
        }
        if placed[entry] > 1:
            document["count"] = placed[entry]
        lines.append("    " + json.dumps(document, ensure_ascii=False))
    findings = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'


def parse(text: str, path: str, shown: Callable[[str], str]) -> Baseline:
    """The entries of a file, their paths turned by `shown` into paths as reports show them. Raises BaselineError.

    An entry that is written twice, as a merge of two branches leaves it, counts once.
    """
    try:
        document = scan(text, path)
    except JsonError as error:
        raise BaselineError(error.span, error.message) from error
    if not isinstance(document.value, dict) or "version" not in document.value:
        _refuse(document, 'this is no baseline: it has no "version"; --write-baseline writes one')
    version = document.get("version")
    if version is not None and (type(version.value) is not int or version.value != VERSION):
        _refuse(version, f'"version" is {_said(version.value)}, and this cognito-lint reads version {VERSION}')
    _only(document, ("version", "findings"), "a baseline")
    findings = document.get("findings")
    if findings is None or not isinstance(findings.value, list):
        _refuse(findings or document, '"findings" must be a list')
    known: dict[Entry, int] = {}
    for node in findings.elements():
        entry, count = _entry(node)
        entry = _placed(entry, shown)
        known[entry] = max(count, known.get(entry, 0))
    return known


def _placed(entry: Entry, turn: Callable[[str], str]) -> Entry:
    file = None if entry.file is None else turn(entry.file)
    return Entry(turn(entry.unit), entry.address, file, entry.rule, entry.level)


def _entry(node: JsonNode) -> tuple[Entry, int]:
    if not isinstance(node.value, dict):
        _refuse(node, f"an entry must be an object, not {_said(node.value)}")
    _only(node, _KEYS, "an entry")
    address, file = _text(node, "address"), _text(node, "file")
    if (address is None) == (file is None):
        _refuse(node, 'an entry needs either "address" or "file"')
    unit, rule, level = (_text(node, key) for key in ("unit", "rule", "level"))
    for key, given in (("unit", unit), ("rule", rule), ("level", level)):
        if given is None:
            _refuse(node, f'an entry needs "{key}"')
    if rule not in _RULES:
        _refuse(node.get("rule"), f"there is no rule {rule}")
    if not _RULES[rule].suppressible:
        _refuse(node.get("rule"), f"{rule} cannot be in a baseline")
    accepted = next((known for known in LEVELS if known == level), None)
    if accepted is None:
        _refuse(node.get("level"), f'"level" must be one of {", ".join(LEVELS)}, not {_said(level)}')
    count = node.value.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        _refuse(node.get("count"), f'"count" must be a whole number from 1, not {_said(count)}')
    place = posixpath.normpath(unit or ".")
    return Entry(place, address, posixpath.normpath(file) if file else None, rule, accepted), count


def _text(node: JsonNode, key: str) -> str | None:
    value = node.value.get(key)
    if value is not None and (not isinstance(value, str) or not value or "\0" in value):
        _refuse(node.get(key), f'"{key}" must be a text, not {_said(value)}')
    return value


def _only(node: JsonNode, keys: tuple[str, ...], what: str) -> None:
    for member in node.members():
        if member.key not in keys:
            raise BaselineError(member.span, f'{what} has no key "{member.key}"')


def _refuse(node: JsonNode | None, message: str) -> NoReturn:
    assert node is not None  # noqa: S101 - a value that is refused stands in the file
    raise BaselineError(node.span, message)


def _said(value: Any) -> str:
    return json.dumps(value, default=str)[:60]
