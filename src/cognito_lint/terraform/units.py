"""The door of this wing: from the inventory's files to evaluated roots."""

from __future__ import annotations

from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
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

    library = Library(repository, inputs.hcl_reader)
    found = (evaluation.evaluate(root, library, inputs) for root in reach.roots(library))
    return tuple(unit for unit in found if unit is not None)
