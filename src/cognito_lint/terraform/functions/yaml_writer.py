"""YAML as Terraform writes it: strings and keys in double quotes, several lines as a literal block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from yaml.emitter import Emitter

from cognito_lint.terraform.functions.json_documents import to_json
from cognito_lint.terraform.values import MAX_NESTING, BoundError, Known, Plain, plain, string

_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}


def write(value: Plain) -> str:
    """The document of a wholly known value. Raises BoundError past MAX_NESTING."""
    whole = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(), *_events(value, 0)]
    whole += [yaml.DocumentEndEvent(), yaml.StreamEndEvent()]
    text: str = yaml.emit(whole, Dumper=_Writer, allow_unicode=True)
    is_plain = isinstance(value, Known) and not isinstance(value.data, str | tuple | Mapping)
    return text if is_plain else text.removesuffix("...\n")


def _events(value: Plain, depth: int) -> Iterator[Any]:
    if depth > MAX_NESTING:
        raise BoundError(f"a document is nested deeper than the bound of {MAX_NESTING}")
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, tuple):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=False)
        for element in data:
            yield from _events(plain(element), depth + 1)
        yield yaml.SequenceEndEvent()
    elif isinstance(data, Mapping):
        yield yaml.MappingStartEvent(None, None, True, flow_style=False)
        for key, element in data.items():
            yield from _events(string(key), depth + 1)
            yield from _events(plain(element), depth + 1)
        yield yaml.MappingEndEvent()
    elif isinstance(data, str):
        yield yaml.ScalarEvent(None, None, (True, True), data, style="|" if "\n" in data else '"')
    else:
        yield yaml.ScalarEvent(None, None, (True, True), to_json(value))


class _Writer(Emitter):
    """PyYAML's emitter where libyaml's differs: simple keys of any length, folds of long texts without marks."""

    def check_simple_key(self) -> bool:
        """Whether the key stands on the line of its value."""
        simple = bool(super().check_simple_key())
        return simple or (isinstance(self.event, yaml.ScalarEvent) and "\n" not in self.event.value)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """The text in double quotes, broken at single spaces past the best width."""
        self.write_indicator('"', True)
        for place, letter in enumerate(text):
            single = letter == " " and text[place - 1 : place] != " " and 0 < place < len(text) - 1
            if single and split and self.column > self.best_width:
                self.write_indent()
                if text[place + 1] == " ":
                    self._put("\\")
            else:
                self._put(_escaped(letter))
        self.write_indicator('"', False)

    def _put(self, text: str) -> None:
        self.column += len(text)
        self.stream.write(text)


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return f"\\{_ESCAPES[letter]}"
    point = ord(letter)
    if " " <= letter <= "~" or (0xA0 <= point < 0xFFFE and point != 0xFEFF):
        return letter
    return f"\\x{point:02X}" if point < 0x100 else f"\\u{point:04X}" if point < 0x10000 else f"\\U{point:08X}"
