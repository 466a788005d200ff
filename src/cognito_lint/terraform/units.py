"""The door of this wing: from the inventory's files to evaluated roots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, Variable
from cognito_lint.model import Problem, Span, Unit
from cognito_lint.terraform.roots import Reach
from cognito_lint.work import ALONE, Progress, Work

if TYPE_CHECKING:
    from cognito_lint.terraform.configuration import Library


def units(inventory: Inventory, repository: Repository, inputs: Inputs, work: Work = ALONE) -> tuple[Unit, ...]:
    """One unit for each root module that has pools, or a problem that hinders a verdict."""
    work.watch(Progress("finding the root modules"))
    reach = Reach(inventory, repository)
    if not reach.candidates:
        return ()
    # the parsers are imported only if there is something to read
    from cognito_lint.terraform.configuration import Library

    library = Library(repository, inputs.hcl_reader)
    roots = reach.roots(library)
    found = work.each(_Evaluation(library, inputs), roots, shown=str, failed=_failed)
    return tuple(unit for unit in found if unit is not None)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    library: Library
    inputs: Inputs

    def __call__(self, root: str) -> Unit | None:
        from cognito_lint.terraform import evaluation
        from cognito_lint.terraform.stack import with_deep_stack

        return with_deep_stack(lambda: evaluation.evaluate(root, self.library, self.inputs))


def _failed(root: str, reason: str) -> Unit | None:
    return Unit(root, "terraform", problems=(Problem(Span(root), reason),), files=frozenset({f"{root}/"}))


def unused_variables(inventory: Inventory, repository: Repository, inputs: Inputs) -> frozenset[str]:
    """The names given with `--var` that no checked root module declares, as Terraform would refuse them.

    Empty where there is no root module: the variables are then meant for something else.
    """
    given = {variable.name for variable in inputs.variables if isinstance(variable, Variable)}
    reach = Reach(inventory, repository)
    if not given or not reach.candidates:
        return frozenset()
    from cognito_lint.terraform.configuration import Library

    library = Library(repository, inputs.hcl_reader)
    roots = reach.roots(library)
    declared = {name for root in roots for name in library.module(root).variables}
    return frozenset(given - declared) if roots else frozenset()
