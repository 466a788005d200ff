"""What an evaluated property is in the terms of the model. Part of the end of the stage "resolve"."""

from __future__ import annotations

from collections.abc import Callable

from cognito_lint.model import Unknown, Value
from cognito_lint.terraform.values import EVALUATION_ERRORS, Plain, UnknownValue
from cognito_lint.worlds import Choice


def value_of(leaf: Plain) -> Value:
    """The text that a property holds in one world; absent where it is null."""
    if isinstance(leaf, UnknownValue):
        return Value(Unknown(leaf.reason), leaf.trace)
    return Value(leaf.data if isinstance(leaf.data, str) else None, leaf.trace)


def quiet(make: Callable[[], Choice[Value]]) -> Choice[Value]:
    """What `make` answers; unknown where evaluating fails. For what does not touch the verdict."""
    try:
        return make()
    except EVALUATION_ERRORS as error:
        return Value(Unknown(reason_of(error)))


def reason_of(error: BaseException) -> str:
    """Why a value is unknown whose evaluation raised one of EVALUATION_ERRORS."""
    return str(error) if not isinstance(error, RecursionError) else "it is nested deeper than can be followed"
