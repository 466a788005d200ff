"""Looking for elements among others, without comparing each with each where nothing in them is open."""

from __future__ import annotations

from collections.abc import Iterable

from cognito_lint import worlds
from cognito_lint.terraform.equality import equals
from cognito_lint.terraform.functions.base import Context
from cognito_lint.terraform.sets import certain_bytes
from cognito_lint.terraform.types import Type
from cognito_lint.terraform.unification import is_whole
from cognito_lint.terraform.values import Result
from cognito_lint.worlds import Choice


class Members:
    """Elements of type `element`, among which others of that type are looked for."""

    def __init__(self, context: Context, element: Type, elements: Iterable[Result] = ()) -> None:
        self._context = context
        self._is_typed = is_whole(element)
        self._found: set[bytes] = set()
        self._certain: list[Result] = []
        self._open: list[Result] = []
        for one in elements:
            self.add(one)

    def add(self, one: Result) -> None:
        """One more element."""
        name = self._name(one)
        if name is None:
            self._open.append(one)
        else:
            self._found.add(name)
            self._certain.append(one)

    def have(self, one: Result) -> Choice[bool]:
        """Whether one of them is equal to it. Raises BoundError."""
        name = self._name(one)
        if name in self._found:
            return True
        others = [*self._certain, *self._open] if name is None else self._open
        self._context.compared(len(others))
        found: Choice[bool] = False
        for other in others:
            found = worlds.either(found, equals(one, other, self._context.site))
            if found is True:
                break
        return found

    def _name(self, one: Result) -> bytes | None:
        return certain_bytes(one) if self._is_typed else None
