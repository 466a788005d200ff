"""Where an expression stands while it is evaluated, and what all stacks of one deployment share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cognito_lint.cloudformation.data import Datum
from cognito_lint.inputs import Inputs
from cognito_lint.model import Problem
from cognito_lint.worlds import Choice, Subject, TooManyWorldsError, both, negate

MAX_EVALUATIONS = 80_000
MAX_DEPTH = 45


@dataclass(frozen=True, slots=True)
class Scope:
    """`path` is what must hold for the expression to count at all, in the undefined subjects; `bindings` are the
    variables of `Fn::ForEach`. In a condition (`symbolic`) a parameter stays open although it has a default; with
    `defaults` every parameter is its default and nothing else.
    """

    path: Choice[bool] = True
    bindings: Mapping[str, Choice[Datum]] = field(default_factory=dict)
    symbolic: bool = False
    defaults: bool = False
    depth: int = 0

    def where(self, fact: Choice[bool], *, holds: bool = True) -> Scope:
        """The scope of a branch that is taken where `fact` holds."""
        return replace(self, path=both(self.path, fact if holds else negate(fact)))

    def deeper(self) -> Scope:
        """One level further inside. Raises TooManyWorldsError past the bound."""
        if self.depth >= MAX_DEPTH:
            raise TooManyWorldsError(f"its expressions are nested deeper than the bound of {MAX_DEPTH} levels")
        return Scope(self.path, self.bindings, self.symbolic, self.defaults, self.depth + 1)  # half of `replace`'s time


@dataclass(slots=True)
class Deployment:
    """What the stacks of one deployment share: subjects with their meaning, what rules must hold, what went wrong."""

    inputs: Inputs
    definitions: dict[Subject, Choice[bool]] = field(default_factory=dict)
    defaults: dict[Subject, str] = field(default_factory=dict)
    requirements: list[Choice[bool]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    evaluations: int = 0

    def count(self) -> None:
        """One more evaluation. Raises TooManyWorldsError past the bound."""
        self.evaluations += 1
        if self.evaluations > MAX_EVALUATIONS:
            raise TooManyWorldsError(f"the template takes more than {MAX_EVALUATIONS:,} steps to evaluate")
