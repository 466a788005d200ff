"""Functions of files, inside the scanned repository alone, and templates."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Callable, Mapping

from cognito_lint.terraform.functions.base import (
    MAX_ELEMENTS,
    Context,
    FileMissingError,
    FileRefusedError,
    Function,
    Implementation,
    Parameter,
    bounded,
    entries,
    impossible,
    invalid,
    of_text,
    parameters,
    text_of,
)
from cognito_lint.terraform.functions.globs import expand_braces, matches
from cognito_lint.terraform.functions.hashes import hexadecimal, in_base64
from cognito_lint.terraform.sets import set_of
from cognito_lint.terraform.types import ANY, BOOL, STRING, Collection, ObjectType
from cognito_lint.terraform.values import BoundError, EvaluationError, Plain, Result, UnknownValue, boolean, string

MAX_TEMPLATES = 20


def _with_file(make: Callable[[bytes, str], Result]) -> Implementation:
    """The implementation of a function that reads the file that its first argument names."""

    def implementation(context: Context, path: Plain) -> Result:
        data = _read(context, text_of(path))
        return data if not isinstance(data, bytes) else make(data, text_of(path))

    return implementation


def _read(context: Context, path: str) -> bytes | UnknownValue:
    if context.files is None:
        return impossible(context, STRING, f"the file {path} is not read")
    try:
        return context.files.read(path)
    except FileMissingError as error:
        raise invalid("path", f'no file exists at "{path}"') from error
    except FileRefusedError as error:
        return impossible(context, STRING, str(error))


def _text(data: bytes, path: str) -> Result:
    try:
        return bounded(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise invalid("path", f"contents of {path} are not valid UTF-8") from error


def _digest(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    return Function(_with_file(lambda data, _: string(digest(algorithm, data))), _PATH, STRING)


def fileexists(context: Context, path: Plain) -> Result:
    """`fileexists(path)`."""
    if context.files is None:
        return impossible(context, BOOL, f"the file {text_of(path)} is not looked for")
    try:
        return boolean(context.files.exists(text_of(path)))
    except FileRefusedError as error:
        return impossible(context, BOOL, str(error))


def fileset(context: Context, directory: Plain, pattern: Plain) -> Result:
    """`fileset(path, pattern)`: the files below a directory that a glob with `**` and `{a,b}` names."""
    strings = Collection("set", STRING)
    if context.files is None:
        return impossible(context, strings, f"the directory {text_of(directory)} is not read")
    patterns = expand_braces(text_of(pattern))
    try:
        found = [
            path for path in context.files.below(text_of(directory)) if any(matches(one, path) for one in patterns)
        ]
    except FileRefusedError as error:
        return impossible(context, strings, str(error))
    if len(found) > MAX_ELEMENTS:
        raise BoundError(f"a collection has more than the bound of {MAX_ELEMENTS:,} elements")
    return set_of(map(string, found), STRING)


def abspath(context: Context, path: Plain) -> Result:
    """`abspath(path)`."""
    if context.files is None:
        return impossible(context, STRING, f"the place of {text_of(path)} depends on the machine")
    try:
        return string(context.files.absolute(text_of(path)))
    except FileRefusedError as error:
        return impossible(context, STRING, str(error))


def pathexpand(context: Context, path: Plain) -> Result:
    """`pathexpand(path)`: `~` is the home directory of whoever runs Terraform."""
    text = text_of(path)
    if text == "~" or text.startswith("~/"):
        return impossible(context, STRING, "the home directory depends on the machine")
    return path


def _dirname(text: str) -> str:
    return posixpath.normpath(posixpath.dirname(text) or ".").replace("//", "/")


def _basename(text: str) -> str:
    if not text:
        return "."
    return posixpath.basename(text.rstrip("/")) or "/"


def templatefile(context: Context, path: Plain, variables: Plain) -> Result:
    """`templatefile(path, vars)`."""
    data = _read(context, text_of(path))
    if not isinstance(data, bytes):
        return data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid("path", f"contents of {text_of(path)} are not valid UTF-8") from error
    name = text_of(path)
    return _rendered(context, text, context.files.shown(name) if context.files is not None else name, variables)


def templatestring(context: Context, template: Plain, variables: Plain) -> Result:
    """`templatestring(ref, vars)`: the template's text is what the reference holds."""
    return _rendered(context, text_of(template), "<templatestring argument>", variables)


def _rendered(context: Context, text: str, name: str, variables: Plain) -> Result:
    kind = variables.type
    if not isinstance(kind, ObjectType) and not (isinstance(kind, Collection) and kind.kind == "map"):
        raise invalid("vars", "invalid vars value: must be a map")
    for key in entries(variables):
        if not key.replace("-", "_").isidentifier():
            raise invalid("vars", f'invalid template variable name "{key}"')
    if context.language is None:
        return impossible(context, ANY, f"the template {name} is not evaluated")
    if context.depth >= MAX_TEMPLATES:
        raise EvaluationError(f"maximum recursion depth {MAX_TEMPLATES} reached in {name}")
    return context.language.render(text, name, entries(variables), context.depth + 1)


_PATH = parameters("path", of=STRING)
_VARIABLES = Parameter("vars", ANY, shallow=True)
FUNCTIONS: Mapping[str, Function] = {
    "abspath": Function(abspath, _PATH, STRING),
    "basename": Function(of_text(_basename), _PATH, STRING),
    "dirname": Function(of_text(_dirname), _PATH, STRING),
    "file": Function(_with_file(_text), _PATH, STRING),
    "filebase64": Function(_with_file(lambda data, _: bounded(base64.b64encode(data).decode())), _PATH, STRING),
    "filebase64sha256": _digest(in_base64, "sha256"),
    "filebase64sha512": _digest(in_base64, "sha512"),
    "fileexists": Function(fileexists, _PATH, BOOL),
    "filemd5": _digest(hexadecimal, "md5"),
    "fileset": Function(fileset, parameters("path", "pattern", of=STRING), Collection("set", STRING)),
    "filesha1": _digest(hexadecimal, "sha1"),
    "filesha256": _digest(hexadecimal, "sha256"),
    "filesha512": _digest(hexadecimal, "sha512"),
    "pathexpand": Function(pathexpand, _PATH, STRING),
    "templatefile": Function(templatefile, (*_PATH, _VARIABLES)),
    "templatestring": Function(templatestring, (Parameter("template", STRING), _VARIABLES)),
}
