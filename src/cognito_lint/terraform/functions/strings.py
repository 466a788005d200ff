"""String functions. Characters are those that a reader sees, as in Terraform."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_lint.terraform import affixes
from cognito_lint.terraform.functions.base import (
    MAX_TEXT,
    Context,
    Function,
    Parameter,
    bounded,
    invalid,
    items,
    of_text,
    parameters,
    text_of,
    unknown,
    whole_number,
)
from cognito_lint.terraform.functions.graphemes import graphemes
from cognito_lint.terraform.identities import derived
from cognito_lint.terraform.types import BOOL, NUMBER, STRING, Collection
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    boolean,
    list_of,
    string,
)

_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def _mapped(change: Callable[[str], str]) -> Callable[[str], str]:
    """Letter by letter, as Go does: a letter whose other case is several letters stays as it is."""

    def one(letter: str) -> str:
        changed = change(letter)
        return changed if len(changed) == 1 else letter

    return lambda text: change(text) if text.isascii() else "".join(map(one, text))


def _title(text: str) -> str:
    """Every letter after what is no letter, digit, underscore or apostrophe-less word is a capital."""
    result, before = [], " "
    for letter in text:
        result.append(_mapped(str.title)(letter) if _separates(before) else letter)
        before = letter
    return "".join(result)


def _separates(letter: str) -> bool:
    if letter.isascii():
        return not (letter.isalnum() or letter == "_")
    if letter.isalpha() or letter.isdigit():
        return False
    return letter in _SPACE


def _lower(text: str) -> str:
    """Only İ has a small letter of two characters in Python; in Go it is a plain i."""
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


def indent(_: Context, spaces: Plain, value: Plain) -> Result:
    """`indent(spaces, string)`: every line but the first."""
    width = whole_number(spaces, "spaces")
    if width < 0:
        raise EvaluationError("the number of spaces must not be negative")
    text = text_of(value)
    if text.count("\n") * width + len(text) > MAX_TEXT:
        raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
    return bounded(text.replace("\n", "\n" + " " * width))


def join(context: Context, separator: Plain, *lists: Plain) -> Result:
    """`join(separator, lists…)`."""
    if not lists:
        raise EvaluationError("at least two arguments are required")
    texts: list[str] = []
    for one in lists:
        for item in items(one):
            if isinstance(item, UnknownValue):
                return derived(STRING, "join", (separator, *lists), context.site)
            if not isinstance(item, Known) or not isinstance(item.data, str):
                raise invalid("lists", "element is null; cannot concatenate null values")
            texts.append(item.data)
    glue = text_of(separator)
    if len(glue) * len(texts) + sum(map(len, texts)) > MAX_TEXT:
        raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
    return bounded(glue.join(texts))


def split(_: Context, separator: Plain, value: Plain) -> Result:
    """`split(separator, string)`; an empty separator cuts between characters."""
    glue, text = text_of(separator), text_of(value)
    parts = text.split(glue) if glue else list(text)
    return list_of(map(string, parts), STRING)


def replace(_: Context, value: Plain, searched: Plain, put: Plain) -> Result:
    """`replace(string, substring, replacement)`: a regular expression between slashes, else text."""
    text, pattern, new = text_of(value), text_of(searched), text_of(put)
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        from cognito_lint.terraform.functions.regexes import substitute

        return bounded(substitute(pattern[1:-1], new, text))
    if len(text) + text.count(pattern) * len(new) > MAX_TEXT:
        raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
    return bounded(text.replace(pattern, new))


def strcontains(_: Context, value: Plain, part: Plain) -> Result:
    """`strcontains(string, substring)`."""
    return boolean(text_of(part) in text_of(value))


def startswith(context: Context, value: Plain, prefix: Plain) -> Result:
    """`startswith(string, prefix)`."""
    if isinstance(value, UnknownValue):
        sure = affixes.starts_with(value, text_of(prefix))
        return unknown(context, BOOL, "startswith", (value, prefix)) if sure is None else boolean(sure)
    return boolean(text_of(value).startswith(text_of(prefix)))


def endswith(context: Context, value: Plain, suffix: Plain) -> Result:
    """`endswith(string, suffix)`."""
    if isinstance(value, UnknownValue):
        sure = affixes.ends_with(value, text_of(suffix))
        return unknown(context, BOOL, "endswith", (value, suffix)) if sure is None else boolean(sure)
    return boolean(text_of(value).endswith(text_of(suffix)))


def substr(_: Context, value: Plain, offset: Plain, length: Plain) -> Result:
    """`substr(string, offset, length)`: a negative offset counts from the end, length -1 means the rest."""
    letters, start, size = graphemes(text_of(value)), whole_number(offset, "offset"), whole_number(length, "length")
    if start < 0:
        start += len(letters)
        if start < 0:
            start = 0
    elif size == 0:
        return string("")
    # After a negative offset Terraform takes a length of 0 for the rest.
    return string("".join(letters[start:] if size <= 0 else letters[start : start + size]))


def trim(_: Context, value: Plain, letters: Plain) -> Result:
    """`trim(string, characters)`."""
    return string(text_of(value).strip(text_of(letters)) if text_of(letters) else text_of(value))


def trimprefix(_: Context, value: Plain, prefix: Plain) -> Result:
    """`trimprefix(string, prefix)`."""
    return string(text_of(value).removeprefix(text_of(prefix)))


def trimsuffix(_: Context, value: Plain, suffix: Plain) -> Result:
    """`trimsuffix(string, suffix)`."""
    return string(text_of(value).removesuffix(text_of(suffix)))


_TEXT = parameters("str", of=STRING)
_OPEN_TEXT = Parameter("str", STRING, unknown=True)
_LISTS = Parameter("lists", Collection("list", STRING))
FUNCTIONS: Mapping[str, Function] = {
    "chomp": Function(of_text(_chomp), _TEXT, STRING),
    "endswith": Function(endswith, (_OPEN_TEXT, Parameter("suffix", STRING)), BOOL),
    "indent": Function(indent, (Parameter("spaces", NUMBER), Parameter("str", STRING)), STRING),
    "join": Function(join, (Parameter("separator", STRING),), STRING, variadic=_LISTS),
    "lower": Function(of_text(_lower), _TEXT, STRING),
    "replace": Function(replace, parameters("str", "substr", "replace", of=STRING), STRING),
    "split": Function(split, parameters("separator", "str", of=STRING), Collection("list", STRING)),
    "startswith": Function(startswith, (_OPEN_TEXT, Parameter("prefix", STRING)), BOOL),
    "strcontains": Function(strcontains, parameters("str", "substr", of=STRING), BOOL),
    "strrev": Function(of_text(lambda text: "".join(reversed(graphemes(text)))), _TEXT, STRING),
    "substr": Function(
        substr, (Parameter("str", STRING), Parameter("offset", NUMBER), Parameter("length", NUMBER)), STRING
    ),
    "title": Function(of_text(_title), _TEXT, STRING),
    "trim": Function(trim, parameters("str", "cutset", of=STRING), STRING),
    "trimprefix": Function(trimprefix, parameters("str", "prefix", of=STRING), STRING),
    "trimspace": Function(of_text(lambda text: text.strip(_SPACE)), _TEXT, STRING),
    "trimsuffix": Function(trimsuffix, parameters("str", "suffix", of=STRING), STRING),
    "upper": Function(of_text(_mapped(str.upper)), _TEXT, STRING),
}
