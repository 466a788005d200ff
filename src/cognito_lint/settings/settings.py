"""Settings as data: what a file says, checked against the keys that there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cognito_lint import near
from cognito_lint.dates import day
from cognito_lint.model import Ignore, Span
from cognito_lint.report.destinations import Destination, DestinationError
from cognito_lint.rules.names import advice, rule_id
from cognito_lint.settings.discovery import SettingsError
from cognito_lint.settings.keys import KEYS, Key
from cognito_lint.settings.toml import KeyPath, Places


@dataclass(frozen=True, slots=True)
class Deployment:
    """An entry of `roots` or `templates`, paths as written. `files` are its var-files or parameter-files, `values` its
    variables or parameters as text."""

    path: str
    span: Span
    name: str = ""
    files: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says; None where it says nothing. Paths are as written."""

    file: str
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    fail_on: str | None = None
    strict: bool = False
    exclude: tuple[str, ...] = ()
    format: tuple[Destination, ...] | None = None
    hcl_reader: str | None = None
    baseline: str | None = None
    roots: tuple[Deployment, ...] = ()
    templates: tuple[Deployment, ...] = ()
    ignores: tuple[Ignore, ...] = ()


def settings_of(table: Mapping[str, Any], at: KeyPath, places: Places, file: str) -> Settings:
    """The settings that a table of a file holds. Raises SettingsError."""
    found = _Checker(places).table(table, KEYS, at)
    return Settings(
        file=file,
        select=found.get("select"),
        ignore=found.get("ignore"),
        fail_on=found.get("fail-on"),
        strict=found.get("strict", False),
        exclude=found.get("exclude", ()),
        format=found.get("format"),
        hcl_reader=found.get("hcl-reader"),
        baseline=found.get("baseline"),
        roots=tuple(_deployment(entry, "var-files", "vars") for entry in found.get("roots", ())),
        templates=tuple(_deployment(entry, "parameter-files", "parameters") for entry in found.get("templates", ())),
        ignores=tuple(_ignore(entry) for entry in found.get("ignores", ())),
    )


def _deployment(entry: Mapping[str, Any], files: str, values: str) -> Deployment:
    return Deployment(entry["path"], entry[""], entry.get("name", ""), entry.get(files, ()), entry.get(values, {}))


def _ignore(entry: Mapping[str, Any]) -> Ignore:
    return Ignore(
        entry["rules"], entry.get("address"), entry.get("path"), entry["reason"], entry.get("until"), entry[""]
    )


class _Checker:
    """Reads values as their keys want them; each error says where."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._readers: dict[str, Callable[[Any, Key, KeyPath], Any]] = {
            "text": self._text,
            "texts": self._texts,
            "flag": self._flag,
            "choice": self._choice,
            "rules": self._rules,
            "formats": self._formats,
            "values": self._values,
            "date": self._date,
            "entries": self._entries,
        }

    def table(self, table: Mapping[str, Any], keys: tuple[Key, ...], at: KeyPath) -> dict[str, Any]:
        """The values of a table by their names, and under "" its place."""
        known = {key.name: key for key in keys}
        found: dict[str, Any] = {"": self._places.of(at)}
        for name, value in table.items():
            key = known.get(name)
            if key is None:
                hint = near.hint(name.replace("_", "-"), known, f"; there are {', '.join(known)}")
                raise self._error((*at, name), f"there is no key {name!r}{hint}")
            found[name] = self._readers[key.kind](value, key, (*at, name))
        for key in keys:
            if key.required and key.name not in table:
                raise self._error(at, f"this entry needs {key.name}: {_lower(key.about)}")
        return found

    def _error(self, at: KeyPath, message: str) -> SettingsError:
        return SettingsError(self._places.of(at), message)

    def _wants(self, at: KeyPath, key: Key, wanted: str, value: Any) -> SettingsError:
        return self._error(at, f"{key.name} wants {wanted}, not {_shown(value)}")

    def _text(self, value: Any, key: Key, at: KeyPath) -> str:
        if not isinstance(value, str):
            raise self._wants(at, key, "a string", value)
        if not value.strip():
            raise self._error(at, f"{key.name} is empty")
        if "\0" in value:
            raise self._error(at, f"{key.name} holds a null character")
        return value

    def _texts(self, value: Any, key: Key, at: KeyPath) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wants(at, key, 'a list of strings, as in ["one", "two"]', value)
        return tuple(self._text(item, key, at) for item in value)

    def _flag(self, value: Any, key: Key, at: KeyPath) -> bool:
        if not isinstance(value, bool):
            raise self._wants(at, key, "true or false", value)
        return value

    def _choice(self, value: Any, key: Key, at: KeyPath) -> str:
        if value not in key.choices:
            hint = near.hint(str(value), key.choices)
            raise self._error(at, f"{key.name} is one of {', '.join(key.choices)}, not {_shown(value)}{hint}")
        return str(value)

    def _rules(self, value: Any, key: Key, at: KeyPath) -> tuple[str, ...]:
        names = self._texts(value, key, at)
        if key.filled and not names:  # no rule, or every rule? A guess could pass what is not protected
            raise self._error(
                at, f"{key.name} is empty: name a rule, or leave {'the entry' if key.required else key.name} out"
            )
        for name in names:
            if rule_id(name) is None:
                raise self._error(at, f"there is no rule {name!r}; {advice(name)}")
        return names

    def _formats(self, value: Any, key: Key, at: KeyPath) -> tuple[Destination, ...]:
        written = self._texts([value] if isinstance(value, str) else value, key, at)
        try:
            return tuple(map(Destination.parse, written))
        except DestinationError as error:
            raise self._error(at, str(error)) from error

    def _values(self, value: Any, key: Key, at: KeyPath) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self._wants(at, key, "a table of names and values", value)
        return {name: self._value(one, key, (*at, name)) for name, one in value.items()}

    def _value(self, value: Any, key: Key, at: KeyPath) -> str:
        """A value as the command line would give it: text as it is, all else as JSON, which HCL reads too."""
        import json

        if isinstance(value, str):
            return value
        try:
            return json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise self._error(at, f"{key.name} cannot hold {_shown(value)}; write it as a string") from error

    def _date(self, value: Any, key: Key, at: KeyPath) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        found = day(value) if isinstance(value, str) else None
        if found is None:
            raise self._wants(at, key, "a day, as in 2026-12-31", value)
        return found

    def _entries(self, value: Any, key: Key, at: KeyPath) -> tuple[dict[str, Any], ...]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._wants(at, key, f"tables, each below a line [[{'.'.join(map(str, at))}]]", value)
        entries = tuple(self.table(item, key.entry, (*at, number)) for number, item in enumerate(value))
        for number, entry in enumerate(entries):
            if key.one_of and not any(name in entry for name in key.one_of):
                raise self._error((*at, number), f"this entry needs {' or '.join(key.one_of)}")
        return entries


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _shown(value: Any) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
