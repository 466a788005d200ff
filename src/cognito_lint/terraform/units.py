"""The door of this wing: from the inventory's files to evaluated roots."""

from __future__ import annotations

from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs, Variable
from cognito_lint.model import Unit
from cognito_lint.terraform.roots import Reach


def units(inventory: Inventory, repository: Repository, inputs: Inputs) -> tuple[Unit, ...]:
    """One unit for each root module that has pools, or a problem that hinders a verdict."""
    reach = Reach(inventory, repository)
    if not reach.candidates:
        return ()
    # the parsers are imported only if there is something to read
    from cognito_lint.terraform import evaluation
    from cognito_lint.terraform.configuration import Library
    from cognito_lint.terraform.stack import with_deep_stack

    library = Library(repository, inputs.hcl_reader)
    roots = reach.roots(library)
    found = with_deep_stack(lambda: [evaluation.evaluate(root, library, inputs) for root in roots])
    return tuple(unit for unit in found if unit is not None)


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
