"""What every family of functions stands on: parameters, a function's description, and what a call may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias

from cognito_lint.terraform.identities import Site, derived
from cognito_lint.terraform.types import ANY, Collection, ObjectType, TupleType, Type
from cognito_lint.terraform.values import BoundError, EvaluationError, Known, Plain, Result, UnknownValue, string

MAX_ELEMENTS = 65_536
MAX_TEXT = 1_048_576

LIST_OF_ANY = Collection("list", ANY)
SET_OF_ANY = Collection("set", ANY)
MAP_OF_ANY = Collection("map", ANY)


class FileMissingError(Exception):
    """There is no such file. Terraform refuses the call."""


class FileRefusedError(Exception):
    """A file may not be read (it lies outside, it is too large); the message is the reason of an unknown value."""


class FileAccess(Protocol):
    """The files that the file functions see. Paths are those of the expression: relative to the root module's
    directory, or absolute."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileMissingError, FileRefusedError."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file. Raises FileRefusedError."""

    def below(self, directory: str) -> Iterable[str]:
        """Every file below a directory, relative to it with `/`. Raises FileRefusedError."""

    def absolute(self, path: str) -> str:
        """The path from the file system's root. Raises FileRefusedError."""

    def shown(self, path: str) -> str:
        """The path as reports show it. Raises FileRefusedError."""


class Language(Protocol):
    """Evaluates text that a function is given."""

    def render(self, text: str, name: str, variables: Mapping[str, Result], depth: int) -> Result:
        """The result of a template with these variables alone. `name` is the template as messages name it."""

    def decode(self, text: str, name: str) -> Result:
        """The object that a tfvars file's text holds. Raises EvaluationError."""


def _free(_: int) -> None:
    """Counts nothing: for a call outside any configuration."""


_COMPARISONS_PER_STEP = 8


@dataclass(frozen=True, slots=True)
class Context:
    """What a call may ask for besides its arguments. Without `files` or `language` what needs them is unknown.

    `depth` counts templates inside templates; `serial` is another number in each call. `spend` counts steps of what
    takes long, and raises BoundError past their bound.
    """

    site: Site
    files: FileAccess | None = None
    language: Language | None = None
    depth: int = 0
    serial: int = 0
    spend: Callable[[int], None] = _free

    def compared(self, pairs: int) -> None:
        """Count so many comparisons. Raises BoundError."""
        self.spend(pairs // _COMPARISONS_PER_STEP)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. An argument is converted to `type`; null is refused unless `null`.

    `shallow`: the implementation looks at the structure alone and takes care of elements that are not known; else
    elements are resolved and an argument with anything unknown inside makes the result unknown. `unknown`: the
    implementation takes an UnknownValue itself.
    """

    name: str
    type: Type = ANY
    null: bool = False
    shallow: bool = False
    unknown: bool = False


Implementation: TypeAlias = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of Terraform's. `implementation` takes the context, then the converted arguments.

    `returns` is the type of its result where an argument is unknown; `nullable` whether that may be null.
    """

    implementation: Implementation
    parameters: tuple[Parameter, ...]
    returns: Type | Callable[[Sequence[Plain]], Type] = ANY
    variadic: Parameter | None = None
    nullable: bool = False


def parameters(*names: str, of: Type = ANY, shallow: bool = False, null: bool = False) -> tuple[Parameter, ...]:
    """Parameters of one type."""
    return tuple(Parameter(name, of, null=null, shallow=shallow) for name in names)


def unknown(
    context: Context, kind: Type, name: str, operands: Sequence[Result], *, nullable: bool = False
) -> UnknownValue:
    """The unknown result of the function `name`."""
    return derived(kind, name, operands, context.site, nullable=nullable)


def impossible(context: Context, kind: Type, reason: str) -> UnknownValue:
    """A result that is unknown for a reason of its own, and another one in each call."""
    return derived(kind, f"{context.site.key} {context.serial}", (), context.site, reason=reason)


def kind_of(value: Plain) -> str:
    """`list`, `set`, `map`, `tuple`, `object`, or a primitive's name."""
    if isinstance(value.type, Collection):
        return value.type.kind
    if isinstance(value.type, TupleType):
        return "tuple"
    return "object" if isinstance(value.type, ObjectType) else value.type.name


def items(value: Plain) -> tuple[Result, ...]:
    """The elements of a known list, set or tuple."""
    assert isinstance(value, Known) and isinstance(value.data, tuple)  # noqa: S101 - conversion has made sure
    return value.data


def entries(value: Plain) -> Mapping[str, Result]:
    """The elements of a known map or object."""
    assert isinstance(value, Known) and isinstance(value.data, Mapping)  # noqa: S101 - conversion has made sure
    return value.data


def invalid(parameter: str, message: str) -> EvaluationError:
    """The error of one argument, as Terraform words it."""
    return EvaluationError(f'Invalid value for "{parameter}" parameter: {message}.')


def text_of(value: Plain) -> str:
    """The text of a known string."""
    assert isinstance(value, Known) and isinstance(value.data, str)  # noqa: S101 - conversion has made sure
    return value.data


def number_of(value: Plain) -> int | Decimal:
    """The number of a known number."""
    assert isinstance(value, Known) and isinstance(value.data, int | Decimal)  # noqa: S101 - conversion has made sure
    return value.data


def whole_number(value: Plain, parameter: str) -> int:
    """A number that must be whole. Raises EvaluationError."""
    number = number_of(value)
    if not isinstance(number, int):
        raise invalid(parameter, "value must be a whole number")
    return number


def bounded(text: str) -> Known:
    """A string that a function made. Raises BoundError past MAX_TEXT."""
    if len(text) > MAX_TEXT:
        raise BoundError(f"a text is longer than the bound of {MAX_TEXT:,} characters")
    return string(text)


def of_text(change: Callable[[str], str]) -> Implementation:
    """The implementation of a function from one string to another."""
    return lambda _, value: bounded(change(text_of(value)))
