"""Type conversion functions, `coalesce`, and those that change marks alone (a mark never changes the answer)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_lint import worlds
from cognito_lint.terraform.conversion import convert, unified
from cognito_lint.terraform.functions.base import (
    LIST_OF_ANY,
    MAP_OF_ANY,
    SET_OF_ANY,
    Context,
    Function,
    Implementation,
    Parameter,
    invalid,
    unknown,
)
from cognito_lint.terraform.types import ANY, BOOL, NUMBER, STRING, Primitive, Type
from cognito_lint.terraform.unification import show
from cognito_lint.terraform.values import EvaluationError, Known, Plain, Result, UnknownValue, boolean, is_null, literal


def _to(target: Type) -> Implementation:
    def conversion(_: Context, value: Plain) -> Result:
        try:
            return convert(value, target)
        except EvaluationError as error:
            raise invalid("v", f"{_message(value, target, str(error))}") from error

    return conversion


def _message(value: Plain, target: Type, message: str) -> str:
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, str) and target == BOOL:
        return f'cannot convert {literal(value)} to bool; only the strings "true" or "false" are allowed'  # type: ignore[arg-type]
    if isinstance(data, str) and target == NUMBER:
        return f"cannot convert {literal(value)} to number; given string must be a decimal representation of a number"  # type: ignore[arg-type]
    if isinstance(value.type, Primitive) and isinstance(target, Primitive):
        return f"cannot convert {show(value.type)} to {show(target)}"
    return message


def coalesce(context: Context, *values: Plain) -> Result:
    """`coalesce(values…)`: the first that is neither null nor an empty string."""
    if not values:
        raise EvaluationError("at least one argument is required")
    _, converted = unified(values)
    if _ is None:
        raise EvaluationError("all arguments must have the same type")
    return _first_present(context, converted, values)


def _first_present(context: Context, converted: tuple[Result, ...], values: tuple[Plain, ...]) -> Result:
    if not converted:
        raise EvaluationError("no non-null, non-empty-string arguments")
    return worlds.lift(lambda value: _present_or_next(context, value, converted[1:], values), converted[0])


def _present_or_next(context: Context, value: Plain, rest: tuple[Result, ...], values: tuple[Plain, ...]) -> Result:
    from cognito_lint.terraform.values import failure

    def following() -> Result:
        try:
            return _first_present(context, rest, values)
        except EvaluationError as error:
            return failure(error)

    if isinstance(value, Known):
        if value.data is not None and value.data != "":
            return value
        return _first_present(context, rest, values)
    if value.error or (not value.nullable and value.type not in {STRING, ANY}):
        return value
    if value.type == ANY:
        return unknown(context, ANY, "coalesce", values)
    missing: worlds.Choice[bool] = value.nullable and worlds.holds(value.subject, "null")
    if value.type == STRING:
        if value.source not in {None, STRING}:
            return (
                replace(value, nullable=False)
                if not value.nullable
                else worlds.choose(missing, following, lambda: replace(value, nullable=False))
            )
        missing = worlds.either(missing, worlds.holds(value.subject, '""'))
    return worlds.choose(missing, following, lambda: replace(value, nullable=False))


def same(_: Context, value: Plain, *__: Plain) -> Result:
    """The value itself: what its marks or an assumption say of it does not change it."""
    return value


def last(_: Context, *values: Plain) -> Result:
    """The last argument."""
    return values[-1]


def issensitive(context: Context, value: Plain) -> Result:
    """`issensitive(value)`: marks are not followed."""
    return unknown(context, BOOL, "issensitive", (value,)) if not is_null(value) else boolean(False)


def ephemeralasnull(context: Context, value: Plain) -> Result:
    """`ephemeralasnull(value)`: the value, or null where it is ephemeral; marks are not followed."""
    return value if is_null(value) else unknown(context, value.type, "ephemeralasnull", (value,), nullable=True)


def assumenotnull(_: Context, value: Plain) -> Result:
    """OpenTofu's `assumenotnull(value)`."""
    if isinstance(value, UnknownValue):
        return replace(value, nullable=False)
    if value.data is None:
        raise invalid("value", "argument must not be null")
    return value


_ANYTHING = Parameter("v", ANY, null=True, shallow=True, unknown=True)
_VALUE = replace(_ANYTHING, name="value")
_SAME = Function(same, (_VALUE,), nullable=True)
_ASSUMED = Function(last, (Parameter("bound", ANY, null=True, shallow=True, unknown=True), _VALUE), nullable=True)

FUNCTIONS: Mapping[str, Function] = {
    "assumeequal": _ASSUMED,
    **{f"assume{kind}length{bound}": _ASSUMED for kind in ("list", "map", "set") for bound in ("", "max", "min")},
    "assumenotnull": Function(assumenotnull, (_VALUE,)),
    "assumestringprefix": _ASSUMED,
    "coalesce": Function(coalesce, (), variadic=replace(_ANYTHING, name="vals"), nullable=True),
    "ephemeralasnull": Function(ephemeralasnull, (_VALUE,), nullable=True),
    "issensitive": Function(issensitive, (_VALUE,), BOOL),
    "nonsensitive": _SAME,
    "sensitive": _SAME,
    "tobool": Function(_to(BOOL), (_ANYTHING,), BOOL, nullable=True),
    "tolist": Function(_to(LIST_OF_ANY), (_ANYTHING,), LIST_OF_ANY, nullable=True),
    "tomap": Function(_to(MAP_OF_ANY), (_ANYTHING,), MAP_OF_ANY, nullable=True),
    "tonumber": Function(_to(NUMBER), (_ANYTHING,), NUMBER, nullable=True),
    "toset": Function(_to(SET_OF_ANY), (_ANYTHING,), SET_OF_ANY, nullable=True),
    "tostring": Function(_to(STRING), (_ANYTHING,), STRING, nullable=True),
}
