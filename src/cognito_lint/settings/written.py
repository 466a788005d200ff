"""Settings as a settings file would say them, for whoever asks which hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date

from cognito_lint.inputs import Variable, VariableFile
from cognito_lint.model import Ignore
from cognito_lint.settings.resolution import Resolved


def written(values: Mapping[str, object], resolved: Resolved | None) -> str:
    """TOML with the keys of `values` that hold something, then the tables of the settings file."""
    lines = [f"{name} = {_value(value)}" for name, value in values.items() if value not in (None, [], ())]
    if resolved is None:
        return "\n".join(lines) + "\n"
    for one in resolved.roots:
        files = [given.path for given in one.variables if isinstance(given, VariableFile)]
        texts = {given.name: given.text for given in one.variables if isinstance(given, Variable)}
        lines += _table("roots", {"path": one.path, "name": one.name, "var-files": files, "vars": texts})
    for one in resolved.templates:
        known = {name: text for name, text in one.parameters.items() if text is not None}
        lines += _table("templates", {"path": one.path, "name": one.name, "parameters": known})
    for ignore in resolved.ignores:
        lines += _table("ignores", _ignore(ignore))
    return "\n".join(lines) + "\n"


def _ignore(ignore: Ignore) -> dict[str, object]:
    return {
        "rules": list(ignore.rules),
        "reason": ignore.reason,
        "address": ignore.address,
        "path": ignore.path,
        "until": ignore.until,
    }


def _table(name: str, values: Mapping[str, object]) -> Iterable[str]:
    return ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in values.items() if value or value == 0)]


def _value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL and for pairs of surrogates, which are not made here."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
