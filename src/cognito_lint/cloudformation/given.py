"""Which of the parameters that the user gives no template takes, and why: wrong usage, found before the verdicts."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_lint.cloudformation.parameters import Parameter
from cognito_lint.cloudformation.pseudo_parameters import SHARED_PSEUDO_PARAMETERS
from cognito_lint.cloudformation.template import Template
from cognito_lint.near import aside


class Search:
    """Asks template after template for the parameters of one giver: the command line, or an entry of the settings."""

    __slots__ = ("_called", "_declared", "_given", "_refused", "left")

    def __init__(self, given: Mapping[str, str | None]) -> None:
        self._given = given
        self._declared: set[str] = set()
        self._refused: dict[str, str] = {}
        self._called: dict[str, str] = {}
        self.left = set(given).difference(SHARED_PSEUDO_PARAMETERS)

    def ask(self, template: Template, *, called: bool = False) -> None:
        """Look into a template. One that is `called` takes its parameters from its caller and from nobody else."""
        parameters = template.parameters
        if not called:
            self._declared.update(parameters)
        for name in sorted(self.left & set(parameters)):
            value = self._given[name]
            if called:
                self._called.setdefault(
                    name, f"{template.path} has a parameter {name}, but its value comes from the template that calls it"
                )
            elif value is None or parameters[name].accepts(value):
                self.left.discard(name)
            else:
                self._refused.setdefault(name, _refusal(template.path, parameters[name], value))

    def reasons(self) -> dict[str, str]:
        """Why each parameter that is left is of no use."""
        return {name: self._refused.get(name) or self._called.get(name) or self._unknown(name) for name in self.left}

    def _unknown(self, name: str) -> str:
        return f"no checked template has a parameter {name}{aside(name, self._declared)}"


def _refusal(path: str, parameter: Parameter, value: str) -> str:
    return f"{path} wants {parameter.wanted} for {parameter.name}, not {value!r}"
