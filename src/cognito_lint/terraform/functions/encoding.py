"""Base64, URLs, CSV and character encodings."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping

from cognito_lint.terraform.functions.base import (
    MAX_ELEMENTS,
    MAX_TEXT,
    Context,
    Function,
    Parameter,
    bounded,
    impossible,
    invalid,
    of_text,
    parameters,
    text_of,
)
from cognito_lint.terraform.types import ANY, STRING, ObjectType
from cognito_lint.terraform.values import BoundError, EvaluationError, Known, Plain, Result, list_of, object_of, string

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODINGS = {"utf-8", "utf-16le", "utf-16be", "us-ascii", "windows-1252", "iso-8859-1", "iso-8859-15", "shift_jis"}


def from_base64(text: str) -> bytes:
    """The bytes that Base64 stands for; line breaks do not count. Raises EvaluationError."""
    try:
        return base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvaluationError(f'failed to decode base64 data "{text[:40]}"') from error


def base64decode(_: Context, value: Plain) -> Result:
    """`base64decode(string)`: of UTF-8 text."""
    try:
        return bounded(from_base64(text_of(value)).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise EvaluationError("the result of decoding the provided string is not valid UTF-8") from error


def base64gzip(context: Context, _: Plain) -> Result:
    """`base64gzip(string)`: its bytes depend on the compressor, and nobody reads them but by unpacking."""
    return impossible(context, STRING, "the bytes of base64gzip() depend on the compressor")


def base64gunzip(_: Context, value: Plain) -> Result:
    """OpenTofu's `base64gunzip(string)`."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(from_base64(text_of(value)), MAX_TEXT + 1)
        if len(data) > MAX_TEXT:
            raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
        return string(data.decode("utf-8"))
    except (zlib.error, UnicodeDecodeError) as error:
        raise EvaluationError(f"failed to gunzip bytes: {error}") from error


def urldecode(_: Context, value: Plain) -> Result:
    """OpenTofu's `urldecode(string)`."""
    text = text_of(value)
    if _BAD_ESCAPE.search(text):
        raise EvaluationError(f"failed to decode URL '{text}'")
    return string(urllib.parse.unquote_plus(text, errors="replace"))


def _codec(context: Context, name: Plain) -> str | Result:
    given = text_of(name).lower()
    if given in _ENCODINGS:
        return {"us-ascii": "ascii"}.get(given, given)
    try:
        codecs.lookup(given)
    except LookupError as error:
        message = f'"{text_of(name)}" is not a supported IANA encoding name or alias in this Terraform version'
        raise invalid("encoding", message) from error
    return impossible(context, STRING, f"the character encoding {text_of(name)} is not followed")


def textencodebase64(context: Context, value: Plain, encoding: Plain) -> Result:
    """`textencodebase64(string, encoding)`."""
    codec = _codec(context, encoding)
    if not isinstance(codec, str):
        return codec
    try:
        return bounded(base64.b64encode(text_of(value).encode(codec)).decode())
    except UnicodeEncodeError as error:
        raise EvaluationError(f"the given string contains characters that cannot be represented in {codec}") from error


def textdecodebase64(context: Context, value: Plain, encoding: Plain) -> Result:
    """`textdecodebase64(string, encoding)`."""
    codec = _codec(context, encoding)
    if not isinstance(codec, str):
        return codec
    try:
        return bounded(from_base64(text_of(value)).decode(codec))
    except UnicodeDecodeError as error:
        raise EvaluationError(f"the given string contains bytes that are not {codec}") from error


def csvdecode(_: Context, value: Plain) -> Result:
    """`csvdecode(string)`: a list of objects, named by the first line."""
    rows = list(_rows(text_of(value)))
    if not rows:
        raise EvaluationError("missing header line")
    header = rows[0]
    for name in header:
        if header.count(name) > 1:
            raise EvaluationError(f'duplicate column name "{name}"')
    if any(len(row) != len(header) for row in rows):
        raise EvaluationError("invalid CSV: wrong number of fields")
    if len(rows) * len(header) > MAX_ELEMENTS:
        raise BoundError(f"a collection has more than the bound of {MAX_ELEMENTS:,} elements")
    kind = ObjectType(dict.fromkeys(sorted(header), STRING))
    return list_of((_record(header, row) for row in rows[1:]), kind)


def _rows(text: str) -> Iterator[list[str]]:
    """The records of a CSV text. Raises EvaluationError for a quote out of place."""
    text = text.replace("\r\n", "\n")
    row: list[str] = []
    position = 0
    while position < len(text):
        if not row and text[position] == "\n":
            position += 1
            continue
        cell, position = _cell(text, position)
        row.append(cell)
        if not text.startswith(",", position):
            yield row
            row = []
        elif position + 1 == len(text):
            yield [*row, ""]
        position += 1


def _cell(text: str, start: int) -> tuple[str, int]:
    """One field and where it ends."""
    if not text.startswith('"', start):
        ends = (place for mark in ",\n" if (place := text.find(mark, start)) >= 0)
        end = min(ends, default=len(text))
        if '"' in text[start:end]:
            raise EvaluationError('invalid CSV: bare " in non-quoted field')
        return text[start:end], end
    parts: list[str] = []
    position = start + 1
    while (end := text.find('"', position)) >= 0:
        parts.append(text[position:end])
        if not text.startswith('"', end + 1):
            if end + 1 < len(text) and text[end + 1] not in ",\n":
                raise EvaluationError('invalid CSV: extraneous or missing " in quoted field')
            return "".join(parts), end + 1
        parts.append('"')
        position = end + 2
    raise EvaluationError('invalid CSV: extraneous or missing " in quoted field')


def _record(header: list[str], row: list[str]) -> Known:
    return object_of({name: string(cell) for name, cell in zip(header, row, strict=True)})


_TEXT = parameters("str", of=STRING)
FUNCTIONS: Mapping[str, Function] = {
    "base64decode": Function(base64decode, _TEXT, STRING),
    "base64encode": Function(of_text(lambda text: base64.b64encode(text.encode()).decode()), _TEXT, STRING),
    "base64gunzip": Function(base64gunzip, _TEXT, STRING),
    "base64gzip": Function(base64gzip, _TEXT, STRING),
    "csvdecode": Function(csvdecode, (Parameter("str", STRING),), ANY),
    "textdecodebase64": Function(textdecodebase64, parameters("source", "encoding", of=STRING), STRING),
    "textencodebase64": Function(textencodebase64, parameters("string", "encoding", of=STRING), STRING),
    "urldecode": Function(urldecode, _TEXT, STRING),
    "urlencode": Function(of_text(lambda text: urllib.parse.quote_plus(text, safe="")), _TEXT, STRING),
}
