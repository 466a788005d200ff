"""Terraform's and OpenTofu's built-in functions. A family of them is imported when one is first called.

`call` is the way in. `try`, `can` and `type` look at expressions, not at values, and belong to the evaluator.
https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain

from cognito_lint.terraform.conversion import convert
from cognito_lint.terraform.functions.any_element import with_element
from cognito_lint.terraform.functions.base import (
    Context,
    FileAccess,
    FileMissingError,
    FileRefusedError,
    Function,
    Language,
    Parameter,
    impossible,
)
from cognito_lint.terraform.functions.names import FAMILIES
from cognito_lint.terraform.identities import derived
from cognito_lint.terraform.traces import with_trace
from cognito_lint.terraform.types import ANY, Type
from cognito_lint.terraform.unification import mismatch
from cognito_lint.terraform.values import (
    BoundError,
    EvaluationError,
    Known,
    Plain,
    Result,
    UnknownValue,
    is_wholly_known,
    lift,
    resolve_deep,
)
from cognito_lint.worlds import Split, TooManyWorldsError

__all__ = [
    "FUNCTIONS",
    "Context",
    "FileAccess",
    "FileMissingError",
    "FileRefusedError",
    "Function",
    "Language",
    "Parameter",
    "call",
]


class _Registry(Mapping[str, Function]):
    """Every function by its name; looking one up imports its family."""

    def __init__(self, families: Mapping[str, tuple[str, ...]]) -> None:
        self._families = {name: family for family, names in families.items() for name in names}
        self._found: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self._found:
            module = import_module(f"{__name__}.{self._families[name]}")
            self._found.update(module.FUNCTIONS)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._families)

    def __len__(self) -> int:
        return len(self._families)

    def __contains__(self, name: object) -> bool:
        return name in self._families


FUNCTIONS: Mapping[str, Function] = _Registry(FAMILIES)


def call(name: str, arguments: Sequence[Result], context: Context) -> Result:
    """The result of `name(arguments)`, world by world.

    A function that is not known, is impure or passes a bound gives an UnknownValue that says so. Raises
    EvaluationError where Terraform refuses the call in every world.
    """
    plain_name = name.removeprefix("core::")
    if plain_name not in FUNCTIONS:
        if "::" in plain_name:
            return impossible(context, ANY, f"the function {name} is its provider's")
        raise EvaluationError(f'Call to unknown function: there is no function named "{name}".')
    function = FUNCTIONS[plain_name]
    _check_count(plain_name, function, len(arguments))
    declared = function.parameters
    if function.variadic is not None:
        declared += (function.variadic,) * (len(arguments) - len(declared))
    try:
        prepared = [_prepare(argument, parameter) for argument, parameter in zip(arguments, declared, strict=True)]
        result = lift(lambda *values: _apply(plain_name, function, declared, values, context), *prepared)
    except (BoundError, TooManyWorldsError) as error:
        kind, reason = _returns(function, ()), str(error)
        return derived(kind, plain_name, arguments, context.site, nullable=True, reason=reason, bound=True)
    return _traced(result, arguments)


def _check_count(name: str, function: Function, given: int) -> None:
    expected = len(function.parameters)
    if given < expected:
        missing = function.parameters[given].name
        at_least = "at least " if function.variadic else ""
        raise EvaluationError(
            f'Function "{name}" expects {at_least}{expected} argument(s). Missing value for "{missing}".'
        )
    if given > expected and function.variadic is None:
        raise EvaluationError(f'Function "{name}" expects only {expected} argument(s).')


def _prepare(argument: Result, parameter: Parameter) -> Result:
    """The argument in its parameter's type; hoisted where the function needs whole values."""
    if isinstance(argument, Known) and argument.type == parameter.type and isinstance(argument.data, str | int):
        return argument

    def present(value: Plain) -> Result:
        if isinstance(value, Known) and value.data is None and not parameter.null:
            raise EvaluationError(f'Invalid value for "{parameter.name}" parameter: argument must not be null.')
        return value

    def one(value: Plain) -> Result:
        present(value)
        try:
            return convert(value, parameter.type)
        except EvaluationError as error:
            message = str(error) or mismatch(value.type, parameter.type)
            raise EvaluationError(f'Invalid value for "{parameter.name}" parameter: {message}.') from error

    converted = lift(one, argument)
    if converted is not argument and isinstance(converted, Split):  # a bool may be null only once it is looked at
        converted = lift(present, converted)
    return converted if parameter.shallow else resolve_deep(converted)


def _apply(
    name: str, function: Function, declared: Sequence[Parameter], values: Sequence[Plain], context: Context
) -> Result:
    for parameter, value in zip(declared, values, strict=True):
        if parameter.unknown:
            continue
        if isinstance(value, UnknownValue) or not (parameter.shallow or is_wholly_known(value)):
            kind = _returns(function, values)
            blurred = derived(kind, name, values, context.site, nullable=function.nullable)
            return with_element(name, values, blurred, context)
    return with_element(name, values, function.implementation(context, *values), context)


def _returns(function: Function, values: Sequence[Plain]) -> Type:
    returns: Type | Callable[[Sequence[Plain]], Type] = function.returns
    if not callable(returns):
        return returns
    return returns(values) if values else ANY


def _traced(result: Result, arguments: Sequence[Result]) -> Result:
    """A result that was made anew came the way of its arguments."""
    if isinstance(result, Split) or result.trace:
        return result
    traces = [argument.trace for argument in arguments if isinstance(argument, Known | UnknownValue) and argument.trace]
    if not traces:
        return result
    steps = traces[0] if len(traces) == 1 else tuple(dict.fromkeys(chain.from_iterable(traces)))
    return with_trace(result, lambda _: steps)
